// What each control file means, in words. The words are those of every qmail-showctl: people and programs
// search for them. qmail-control(5).
#pragma once
#include <array>
#include <string_view>

namespace qmail::showctl {

enum class Form {
  line,
  line_or_me,  ///< its default is control/me
  number,
  list,
  more_hosts,  ///< morercpthosts: means nothing without rcpthosts
  database,    ///< made from the file of its name without .cdb, and has to be newer
};

struct ControlText {
  std::string_view name;
  Form form;
  std::string_view otherwise;  ///< the value (of a list: the sentence) if the file is absent
  std::string_view before;     ///< the value, or each line of a list, stands between these two
  std::string_view after = "";
};

inline constexpr std::array<ControlText, 40> control_texts{{
    {"badmailfrom", Form::list, "Any MAIL FROM is allowed.", "", " not accepted in MAIL FROM."},
    {"bouncefrom", Form::line, "MAILER-DAEMON", "Bounce user name is "},
    {"bouncehost", Form::line_or_me, "bouncehost", "Bounce host name is "},
    {"concurrencylocal", Form::number, "10", "Local concurrency is "},
    {"concurrencyremote", Form::number, "20", "Remote concurrency is "},
    {"databytes", Form::number, "0", "SMTP DATA limit is ", " bytes"},
    {"defaultdomain", Form::line_or_me, "defaultdomain", "Default domain name is "},
    {"defaulthost", Form::line_or_me, "defaulthost", "Default host name is "},
    {"doublebouncehost", Form::line_or_me, "doublebouncehost", "2B recipient host: "},
    {"doublebounceto", Form::line, "postmaster", "2B recipient user: "},
    {"envnoathost", Form::line_or_me, "envnoathost", "Presumed domain name is "},
    {"helohost", Form::line_or_me, "helohost", "SMTP client HELO host name is "},
    {"idhost", Form::line_or_me, "idhost", "Message-ID host name is "},
    {"localiphost", Form::line_or_me, "localiphost", "Local IP address becomes "},
    {"locals", Form::list, "Messages for me are delivered locally.", "Messages for ",
     " are delivered locally."},
    {"me", Form::line, "undefined! Uh-oh", "My name is "},
    {"percenthack", Form::list, "The percent hack is not allowed.",
     "The percent hack is allowed for user%host@", "."},
    {"plusdomain", Form::line_or_me, "plusdomain", "Plus domain name is "},
    {"qmqpservers", Form::list, "No QMQP servers.", "QMQP server: ", "."},
    {"queuelifetime", Form::number, "604800", "Message lifetime in the queue is ", " seconds"},
    // Stock would accept messages to any recipient; qmail-smtpd(8).
    {"rcpthosts", Form::list, "SMTP clients are refused unless RELAYCLIENT is set.",
     "SMTP clients may send messages to recipients at ", "."},
    {"morercpthosts", Form::more_hosts, "No effect.", "SMTP clients may send messages to recipients at ",
     "."},
    {"morercpthosts.cdb", Form::database, "No effect.", ""},
    {"smtpgreeting", Form::line_or_me, "smtpgreeting", "SMTP greeting: 220 "},
    {"smtproutes", Form::list, "No artificial SMTP routes.", "SMTP route: "},
    {"timeoutconnect", Form::number, "60", "SMTP client connection timeout is ", " seconds"},
    {"timeoutremote", Form::number, "1200", "SMTP client data timeout is ", " seconds"},
    {"timeoutsmtpd", Form::number, "1200", "SMTP server data timeout is ", " seconds"},
    {"virtualdomains", Form::list, "No virtual domains.", "Virtual domain: "},
    // From here on files that stock does not have.
    {"blockuid", Form::number, "10", "System users up to this uid have no virtual users: "},
    {"checkpassword", Form::line, "nobody", "qmail-authd has passwords checked by "},
    {"concurrencydomain", Form::list, "No domain has a remote concurrency of its own.",
     "Remote concurrency by domain: "},
    {"concurrencyincoming", Form::number, "40", "SMTP server concurrency is "},
    {"defaultdelivery", Form::list, "Messages are delivered to ./Maildir/.", "Default delivery: "},
    {"jsonlog", Form::list, "The log has no JSON twin.", "The JSON twin of the log goes to: "},
    {"keepremote", Form::number, "5", "An idle SMTP client connection is kept for ", " seconds"},
    {"rcptspermessage", Form::number, "100", "Recipients that share a remote delivery are at most "},
    {"sessionsperprocess", Form::number, "100", "SMTP server sessions per process: "},
    {"tcp.smtp", Form::list, "Every SMTP client may connect and none may relay.", "Rule for SMTP clients: "},
    {"tcp.smtp.cdb", Form::database, "No effect.", ""},
}};

}  // namespace qmail::showctl
