// Port numbers by name, from the text of /etc/services: programs linked statically cannot ask the system.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace qmail::ucspi {

/// The port that `services` gives `name`, or an alias of it, for `protocol` ("tcp").
std::optional<std::uint16_t> find_service(std::string_view services, std::string_view name,
                                          std::string_view protocol);

}  // namespace qmail::ucspi
