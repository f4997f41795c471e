// fuzzes: newaliases.code newinclude.code dot-forward.code
#include <cstdint>
#include <cstdlib>

#include "core/base/failure.h"
#include "core/format/forward_command.h"
#include "core/programs/dot-forward/forward_file.h"
#include "core/programs/newaliases/alias_entry.h"
#include "core/programs/newinclude/new_include.h"

namespace {

/// What is written is what fastforward knows.
void check(std::string_view commands) {
  while (const auto command = qmail::take_forward_command(commands))
    if (command->kind == qmail::ForwardCommand::Kind::unknown) std::abort();
  if (!commands.empty()) std::abort();
}

template <typename Work>
void try_to(const Work& work) {
  try {
    work();
  } catch (const qmail::Failure&) {  // a refusal
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const qmail::DefaultHosts hosts{.host = "h.example", .domain = "d.example", .plus_domain = "p.example"};
  try_to([&] {
    if (const auto entry = qmail::parse_alias_entry(text, 1, hosts)) check(entry->commands);
  });
  try_to([&] { check(qmail::include_line(text, hosts)); });
  try_to([&] { qmail::parse_forward_file(text, {.user = "u", .host = "h"}, hosts); });
  return 0;
}
