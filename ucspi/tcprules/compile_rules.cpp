#include "ucspi/tcprules/compile_rules.h"

#include "core/base/failure.h"
#include "core/base/fd.h"
#include "core/base/io.h"
#include "core/base/publish.h"
#include "core/base/sys.h"
#include "ucspi/lib/rules_builder.h"
#include "ucspi/lib/rules_text.h"

namespace qmail::ucspi {
namespace {

constexpr std::size_t most_input = std::size_t{1} << 30;

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

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
  Fd out(sys::open_at(AT_FDCWD, tmp.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (!out) throw Failure::system("create " + tmp);
  const auto text = read_all(in, most_input, "input");
  if (!text) throw Failure(Exit::temporary, "unable to read input: too long");
  const std::string bytes = build(*text, err);
  if (!try_write_all(out.get(), bytes) || sys::fsync(out.get()) < 0) throw Failure::system("write to " + tmp);
  out.close();
  const Directory folder = Directory::open(folder_of(cdb));
  if (sys::rename_at(AT_FDCWD, tmp.c_str(), AT_FDCWD, cdb.c_str()) < 0)
    throw Failure::system("move " + tmp + " to " + cdb);
  if (sys::fsync(folder.get()) < 0) throw Failure::system("sync directory " + folder.label());
}

}  // namespace qmail::ucspi
