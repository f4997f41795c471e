// What a TLS process is made from: files below control/, read by its parent, which is root, and given to it
// through a socket. docs/internals/tls.md, qmail-control(5).
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/base/fd.h"
#include "core/base/file_stamp.h"
#include "core/format/tls_packets.h"

namespace qmail::ucspi {

/// The names of a role's control files.
struct TlsFiles {
  tls::Role role;
  const char* certificate;  ///< with its chain, and with its key if that has no file of its own
  const char* key;
  const char* more;  ///< a folder with certificates for more names; null: this role has none
  const char* authorities;
  const char* ciphers;
  const char* protocol;
};

inline constexpr TlsFiles server_files{.role = tls::Role::server,
                                       .certificate = "servercert.pem",
                                       .key = "serverkey.pem",
                                       .more = "servercerts",
                                       .authorities = "clientca.pem",
                                       .ciphers = "tlsserverciphers",
                                       .protocol = "tlsserverprotocol"};
inline constexpr TlsFiles client_files{.role = tls::Role::client,
                                       .certificate = "clientcert.pem",
                                       .key = "clientkey.pem",
                                       .more = nullptr,
                                       .authorities = "serverca.pem",
                                       .ciphers = "tlsclientciphers",
                                       .protocol = "tlsclientprotocol"};

/// The bytes of the files that are there, by their names below control/.
using Material = std::map<std::string, std::string, std::less<>>;

std::string encode_material(const Material& material);
/// None if it is not what encode_material() made.
std::optional<Material> parse_material(std::string_view bytes);
/// What encode_material() makes is a netstring of so many bytes at most.
inline constexpr std::size_t longest_material = std::size_t{16} << 20;

/// What tells one state of a role's files from another. Unequal ones are to be read again.
using MaterialStamp = std::vector<std::pair<std::string, std::optional<FileStamp>>>;
MaterialStamp stamp_material(const Directory& control, const TlsFiles& files);
/// Or why a file that is there cannot be read.
std::variant<Material, std::string> read_material(const Directory& control, const TlsFiles& files);
/// The names of files that hold a private key and can be read by everybody.
std::vector<std::string> find_exposed_keys(const Directory& control, const Material& material);

/// The certificates of the authorities that this system trusts, as one file: for a client that is told no
/// others.
std::optional<std::string> find_system_authorities();

}  // namespace qmail::ucspi
