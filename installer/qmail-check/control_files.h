// The control files there are. The table is written by CMake from qmail-control(5).
#pragma once
#include <array>
#include <span>
#include <string_view>

namespace qmail::check {

struct ControlFile {
  std::string_view name;
  std::string_view kind;  ///< how its description begins: "Line", "Number", "List", ...
};

std::span<const ControlFile> control_files();

}  // namespace qmail::check
