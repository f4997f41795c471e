// A process of ours between a program and its standard input and output.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "core/base/fd.h"

namespace qmail::ucspi {

/// Becomes `argv`, with pipes as descriptors 0 and 1. A child, in which SIGPIPE is ignored, has their other
/// ends and the old 0 and 1: it runs `copy`, with the descriptor to write the program's input to and the one
/// to read its output from, and exits. Throws Failure.
[[noreturn]] void interpose(const std::vector<std::string>& argv, const std::function<void(Fd, Fd)>& copy);

}  // namespace qmail::ucspi
