// A program that changes what goes through it, from standard input to standard output.
#pragma once
#include <functional>
#include <string>
#include <string_view>

#include "core/base/program.h"

namespace qmail::ucspi {

/// Writes change(piece) for every piece that comes, before it waits for more. Throws Failure.
void filter(const Process& self, const std::function<std::string(std::string_view)>& change);

}  // namespace qmail::ucspi
