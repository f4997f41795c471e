// fuzzes: qmail-vacation.code
#include <cstdint>
#include <cstdlib>

#include "core/format/header_field.h"
#include "core/programs/qmail-vacation/answered.h"
#include "core/programs/qmail-vacation/reply.h"

using namespace qmail;

/// The input is the header that comes, what the user wrote, and the memory. No byte of somebody else starts a
/// line of the answer's header.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  vacation::Incoming incoming({"me@x.example"});
  header::HeaderSplitter splitter([&](const std::string& field) { incoming.take(field); });
  std::string_view left = text;
  while (!left.empty()) {
    const std::string line = std::string(left.substr(0, left.find('\n'))) + "\n";
    if (!splitter.take(line)) break;
    left.remove_prefix(std::min(line.size(), left.size()));
  }
  splitter.end();
  for (const std::string& copied : {incoming.subject(), incoming.message_id(), incoming.references()})
    if (copied.find_first_of("\r\n") != std::string::npos) std::abort();
  static_cast<void>(vacation::compose(
      text, incoming, {.from = "me@x.example", .to = "a@b", .message_id = "<1@x>", .now = 0}));
  const auto answered = vacation::Answered::read(text, 1000, 500);
  if (vacation::Answered::read(answered.text(), 1000, 500).text() != answered.text()) std::abort();
  return 0;
}
