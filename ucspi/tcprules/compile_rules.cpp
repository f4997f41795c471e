#include "ucspi/tcprules/compile_rules.h"

#include "core/base/failure.h"
#include "core/base/fd.h"
#include "core/base/io.h"
#include "core/base/publish.h"
#include "core/base/sys.h"
#include "core/base/text.h"
#include "core/format/cdb.h"
#include "ucspi/lib/rule_line.h"

namespace qmail::ucspi {
namespace {

constexpr std::size_t most_input = std::size_t{1} << 30;

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

void add(CdbBuilder& builder, std::string_view line) {
  const auto records = parse_rule_line(line);
  if (!records)
    throw Failure(Exit::permanent,
                  "unable to parse this line: " + std::string(line.substr(0, line.find('\0'))));
  for (const std::string& address : records->addresses)
    if (!builder.add(address, records->data))
      throw Failure(Exit::temporary, "unable to build cdb: over 4 GB");
}

std::string build(std::string_view text, int err) {
  CdbBuilder builder;
  std::size_t number = 0;
  for (const std::string_view raw : split(text, '\n')) {
    ++number;
    const std::string_view line = trim_end(raw);
    if (line.empty() || raw.starts_with('#')) continue;
    if (find_rule_colon(line)) {
      add(builder, line);
    } else {
      // Stock says nothing; whoever reads no warning still gets the same cdb.
      static_cast<void>(
          Writer(err)
              .put("tcprules: warning: line " + std::to_string(number) + " has no colon, ignored: ")
              .put(line)
              .put("\n")
              .flush());
    }
  }
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
