#include "ucspi/tcprules/compile_rules.h"

#include "core/base/failure.h"
#include "core/base/fd.h"
#include "core/base/io.h"
#include "core/base/publish.h"
#include "ucspi/lib/rules_builder.h"
#include "ucspi/lib/rules_text.h"

namespace qmail::ucspi {
namespace {

constexpr std::size_t most_input = std::size_t{1} << 30;

std::string build(std::string_view text, int err) {
  RulesBuilder builder;
  const auto add = [&](std::size_t, std::string_view, const RuleRecords& records) { builder.add(records); };
  const auto warn = [&](const std::string& warning) {
    // Nobody is left to tell if standard error is gone.
    static_cast<void>(Writer(err).put("tcprules: warning: " + warning + "\n").flush());
  };
  read_rules(text, {.rule = add, .warn = warn});
  return builder.finish();
}

}  // namespace

void compile_rules(int in, const std::string& cdb, const std::string& tmp, int err) {
  Replacement replacement(cdb, tmp);
  const auto text = read_all(in, most_input, "input");
  if (!text) throw Failure(Exit::temporary, "unable to read input: too long");
  replacement.finish(build(*text, err));
}

}  // namespace qmail::ucspi
