#include "core/programs/qmail-vacation/reply.h"

#include <algorithm>
#include <array>

#include "core/base/text.h"
#include "core/format/address.h"
#include "core/format/datetime.h"
#include "core/format/header_field.h"

namespace qmail::vacation {
namespace {

constexpr std::string_view subject_mark = "$SUBJECT";
/// These say who answers what: the user's are left out.
constexpr std::array<std::string_view, 9> own_fields{
    "to", "cc", "bcc", "in-reply-to", "references", "message-id", "auto-submitted", "date", "return-path"};

/// What the user wrote, taken apart.
struct Draft {
  std::string fields;
  std::string_view body;
  bool has_from = false, has_subject = false, has_type = false;
};

void keep_field(std::string_view field, Draft& draft) {
  const std::string_view name = header::field_name(field);
  const auto is_name = [&](std::string_view other) { return equal_nocase(name, other); };
  if (std::any_of(own_fields.begin(), own_fields.end(), is_name)) return;
  draft.has_from = draft.has_from || is_name("from");
  draft.has_subject = draft.has_subject || is_name("subject");
  draft.has_type = draft.has_type || is_name("content-type");
  draft.fields += field;
}

/// Without a field on its first line it is all body.
Draft read_draft(std::string_view text) {
  Draft draft;
  draft.body = text;
  header::HeaderSplitter splitter([&](const std::string& field) { keep_field(field, draft); });
  if (!header::is_field(text.substr(0, text.find('\n')))) return draft;
  while (!draft.body.empty()) {
    const std::string line = std::string(draft.body.substr(0, draft.body.find('\n'))) + "\n";
    if (!splitter.take(line)) {
      if (line == "\n") draft.body.remove_prefix(1);
      return draft;
    }
    draft.body.remove_prefix(std::min(line.size(), draft.body.size()));
  }
  splitter.end();
  return draft;
}

std::string with_subject(std::string_view text, std::string_view subject) {
  std::string result;
  for (std::size_t at = text.find(subject_mark); at != std::string_view::npos; at = text.find(subject_mark)) {
    result.append(text.substr(0, at)).append(subject);
    text.remove_prefix(at + subject_mark.size());
  }
  return result.append(text);
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 128; });
}

std::string field(std::string_view name, std::string_view body) {
  return std::string(name).append(": ").append(body).append("\n");
}

}  // namespace

std::string compose(std::string_view text, const Incoming& incoming, const Addressing& addressing) {
  const Draft draft = read_draft(text);
  const std::string body = with_subject(draft.body, incoming.subject());
  std::string message =
      field("Date", rfc5322_date(addressing.now)) + field("Message-ID", addressing.message_id);
  if (!draft.has_from) message += field("From", "<" + quote_address(addressing.from) + ">");
  message += field("To", "<" + quote_address(addressing.to) + ">");
  if (!draft.has_subject) message += field("Subject", "Auto: " + incoming.subject());
  message += with_subject(draft.fields, incoming.subject());
  message += "Auto-Submitted: auto-replied\n";
  if (!incoming.message_id().empty()) {
    message += field("In-Reply-To", incoming.message_id());
    const std::string before = incoming.references().empty() ? "" : incoming.references() + "\n ";
    message += field("References", before + incoming.message_id());
  }
  if (!draft.has_type && !is_ascii(body))
    message +=
        "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n";
  return message + "\n" + body;
}

}  // namespace qmail::vacation
