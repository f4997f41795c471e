#include "ucspi/lib/tls/material.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/error_text.h"
#include "core/format/netstring.h"

namespace qmail::ucspi {
namespace {

constexpr std::size_t longest_file = std::size_t{4} << 20;

/// Of Debian and Ubuntu, of Fedora, of Alpine and the BSDs.
constexpr std::array<const char*, 3> system_authorities{
    "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"};

/// All names that may be read, below control/ or absolute.
std::vector<std::string> names_of(const Directory& control, const TlsFiles& files) {
  std::vector<std::string> names{files.certificate, files.key, files.authorities, files.ciphers,
                                 files.protocol};
  const auto more = files.more != nullptr ? control.try_sub(files.more) : std::nullopt;
  if (more)
    for (const std::string& name : more->names())
      if (name.ends_with(".pem") || name.ends_with(".key"))
        names.push_back(std::string(files.more) + "/" + name);
  if (files.role == tls::Role::client && !FileStamp::of(control.get(), files.authorities))
    if (auto path = find_system_authorities()) names.push_back(*std::move(path));
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

std::string encode_material(const Material& material) {
  std::string body;
  for (const auto& [name, bytes] : material) body += netstring(name) + netstring(bytes);
  return netstring(body);
}

std::optional<Material> parse_material(std::string_view bytes) {
  auto body = take_netstring(bytes, longest_material);
  if (!body || !bytes.empty()) return std::nullopt;
  Material material;
  while (!body->empty()) {
    const auto name = take_netstring(*body, longest_material);
    const auto content = name ? take_netstring(*body, longest_material) : std::nullopt;
    if (!content) return std::nullopt;
    material.insert_or_assign(std::string(*name), std::string(*content));
  }
  return material;
}

MaterialStamp stamp_material(const Directory& control, const TlsFiles& files) {
  MaterialStamp stamp;
  for (std::string& name : names_of(control, files)) {
    auto of_file = FileStamp::of(control.get(), name);
    stamp.emplace_back(std::move(name), of_file);
  }
  return stamp;
}

std::variant<Material, std::string> read_material(const Directory& control, const TlsFiles& files) {
  Material material;
  for (const std::string& name : names_of(control, files)) {
    const Fd file = control.try_file(name);
    if (!file && errno == ENOENT) continue;
    auto bytes = file ? try_read_all(file.get(), longest_file) : std::nullopt;
    const bool is_of_system = name.starts_with('/');
    if (!bytes)
      return "unable to read " + (is_of_system ? name : control.path_of(name)) + ": " + error_text(errno);
    material.emplace(is_of_system ? files.authorities : name, *std::move(bytes));
  }
  return material;
}

std::vector<std::string> find_exposed_keys(const Directory& control, const Material& material) {
  std::vector<std::string> exposed;
  for (const auto& [name, bytes] : material) {
    struct stat status {};
    if (bytes.find("PRIVATE KEY-----") == std::string::npos) continue;
    if (::fstatat(control.get(), name.c_str(), &status, 0) == 0 && (status.st_mode & S_IROTH) != 0)
      exposed.push_back(control.path_of(name));
  }
  return exposed;
}

std::optional<std::string> find_system_authorities() {
  for (const char* path : system_authorities)
    if (FileStamp::of(std::string(path))) return path;
  return std::nullopt;
}

}  // namespace qmail::ucspi
