#include "installer/qmail-check/check_files.h"

#include <sys/stat.h>

#include "installer/facts/differences.h"

namespace qmail::check {
namespace {

using dialogue::Text;

constexpr std::string_view home = hier::home;

std::string below_home(std::string_view name) { return std::string(home) + "/" + std::string(name); }

bool is_younger(const struct stat& text, const struct stat& database) {
  return text.st_mtim.tv_sec != database.st_mtim.tv_sec ? text.st_mtim.tv_sec > database.st_mtim.tv_sec
                                                        : text.st_mtim.tv_nsec > database.st_mtim.tv_nsec;
}

}  // namespace

void check_files(const transaction::Tree& tree, Findings& findings) {
  const auto accounts = transaction::read_accounts(tree);
  for (const auto& difference : facts::find_differences(hier::read_manifest(), tree, accounts))
    findings.error("C01", difference.path, {Text::check_differs, {difference.how}});
}

void check_aliases(const transaction::Tree& tree, Findings& findings) {
  if (tree.find(below_home("alias/.qmail-default"))) return;
  for (const char* name : {"postmaster", "mailer-daemon", "root"}) {
    const std::string path = below_home("alias/.qmail-") + name;
    if (!tree.find(path)) findings.warning("C20", path, {Text::check_no_alias, {name}});
  }
}

void check_databases(const transaction::Tree& tree, Findings& findings) {
  struct Pair {
    const char* text;
    const char* database;
    const char* program;
  };
  for (const auto& [text, database, program] :
       {Pair{"control/morercpthosts", "control/morercpthosts.cdb", "qmail-newmrh"},
        Pair{"users/assign", "users/cdb", "qmail-newu"}}) {
    const auto source = tree.find(below_home(text));
    if (!source) continue;
    const auto made = tree.find(below_home(database));
    if (!made || is_younger(*source, *made))
      findings.error("C17", below_home(database), {Text::check_old_database, {below_home(text), program}});
  }
}

void check_secrets(const transaction::Tree& tree, Findings& findings) {
  for (const std::string& name : tree.names(below_home("control"))) {
    const std::string path = below_home("control/") + name;
    const auto status = tree.find(path);
    if (!status || !S_ISREG(status->st_mode) || (status->st_mode & S_IROTH) == 0 || !name.ends_with(".pem"))
      continue;
    const auto text = tree.read(path);
    if (text && text->find("PRIVATE KEY") != std::string::npos)
      findings.error("C18", path, {Text::check_open_key});
  }
}

}  // namespace qmail::check
