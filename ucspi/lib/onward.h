// A program that stands before another one, as rblsmtpd does, can be asked what would become of a client,
// without being given the client. docs/internals/residents.md.
//
// The question is a job of a resident (core/base/resident.h) with the arguments and the environment that the
// program would have, and with /dev/null as 0, 1 and 2. The answer is the text of the job's end. Who asks
// then goes on with the client as the answer says, and needs to know nothing else of the program.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/program.h"

namespace qmail::ucspi {

/// The answer: the client's program is the one that `first` of the arguments names, with those behind it.
struct Onward {
  std::size_t first = 0;  ///< 0: the one that was asked; it gets the client and is not asked again
  std::vector<std::pair<std::string, std::string>> variables = {};  ///< set for it, over what was there
  bool operator==(const Onward&) const = default;
};

/// Neither a name nor a value may have a NUL in it, nor a name a '='.
std::string encode_onward(const Onward& onward);
/// None if `text` is not what encode_onward() made.
std::optional<Onward> parse_onward(std::string_view text);

/// True if a resident's job is a question: a client would be a socket.
bool is_question(const Process& self);

}  // namespace qmail::ucspi
