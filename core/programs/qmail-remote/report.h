// The reports qmail-remote prints for qmail-rspawn: a letter and lines of text, ended by NUL. First one for
// each recipient that was asked for, in order: r accepted, h refused for good, s refused for now. Then one
// for the message: K sent, D failed for good, Z failed for now. qmail-remote(8) and scripts know these texts.
#pragma once
#include <string>
#include <string_view>

#include "core/smtp/reply_parser.h"

namespace qmail::remote {

inline constexpr std::string_view out_of_memory = "ZOut of memory. (#4.3.0)\n";
inline constexpr std::string_view no_system_resources =
    "ZSystem resources temporarily unavailable. (#4.3.0)\n";
inline constexpr std::string_view no_connection =
    "ZSorry, I wasn't able to establish an SMTP connection. (#4.4.1)\n";
inline constexpr std::string_view unreadable_message = "ZUnable to read message. (#4.3.0)\n";
inline constexpr std::string_view no_dns = "ZSorry, I couldn't find any host by that name. (#4.1.2)\n";
inline constexpr std::string_view no_home = "ZUnable to switch to home directory. (#4.3.0)\n";
inline constexpr std::string_view no_control_files = "ZUnable to read control files. (#4.3.0)\n";
inline constexpr std::string_view partial_last_line =
    "DSMTP cannot transfer messages with partial final lines. (#5.6.2)\n";
inline constexpr std::string_view invoked_improperly = "DI (qmail-remote) was invoked improperly. (#5.3.5)\n";
inline constexpr std::string_view no_exchanger =
    "DSorry, I couldn't find a mail exchanger or IP address. (#5.4.4)\n";
inline constexpr std::string_view best_exchanger_myself =
    "DSorry. Although I'm listed as a best-preference MX or A for that host,\n"
    "it isn't in my control/locals file, so I don't treat it as local. (#5.4.6)\n";

/// Not in stock, which would send the line break and what follows as a command of its own.
inline constexpr std::string_view sender_with_line_break =
    "DSMTP cannot transfer a sender address with a line break. (#5.1.7)\n";
inline constexpr std::string_view recipient_with_line_break =
    "hSMTP cannot transfer a recipient address with a line break. (#5.1.3)\n";

/// `reports`, each ended by NUL, in no more than `limit` bytes: where they are longer, the texts of each are
/// cut.
std::string shortened(std::string reports, std::size_t limit);

/// `host` does not exist.
std::string no_such_host(std::string_view host);
/// The right side of a line in smtproutes makes no sense; not in stock.
std::string bad_route(std::string_view route);
/// The address to connect from is not one of this host's; `error`: errno.
std::string bad_source(std::string_view address, int error);
/// The connection to `partner` died; `critical`: perhaps after the message was accepted.
std::string connection_died(const std::string& partner, bool critical);
/// `opening`, `partner` and `rest`, a full stop, and what the server said to it.
std::string server_report(std::string_view opening, const std::string& partner, std::string_view rest,
                          const smtpc::ServerReply& reply);
/// The same without words of the server.
std::string server_report(std::string_view opening, const std::string& partner, std::string_view rest);
/// A report as it is printed: ended by NUL.
std::string as_output(std::string_view report);
/// A line about the connection itself, behind what the server said.
std::string connection_note(std::string_view text);

}  // namespace qmail::remote
