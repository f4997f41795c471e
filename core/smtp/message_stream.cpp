#include "core/smtp/message_stream.h"

#include <utility>

#include "core/format/header_field.h"

namespace qmail::smtpd {
namespace {

const Reply too_large{552, "sorry, that header is too large for me (#5.3.4)"};

bool is_continuation(std::string_view line) { return line.starts_with(' ') || line.starts_with('\t'); }

HeaderFields fields_of(std::string_view text) {
  HeaderFields fields;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n') + 1);
    if (is_continuation(line) && !fields.empty())
      fields.back() += line;
    else
      fields.emplace_back(line);
    text.remove_prefix(line.size());
  }
  return fields;
}

}  // namespace

MessageStream::MessageStream(std::span<const std::unique_ptr<Feature>> features, queue::Client& queue)
    : queue_(queue) {
  for (const auto& feature : features) {
    const Interest interest = feature->interest();
    if (interest != Interest::nothing) all_.push_back(feature.get());
    if (interest == Interest::message) whole_.push_back(feature.get());
  }
  stage_ = all_.empty() ? Stage::passed : Stage::header;
}

void MessageStream::put(std::string_view bytes) {
  if (stage_ == Stage::header)
    take_header(bytes);
  else
    put_body(bytes);
}

Verdict MessageStream::finish() {
  if (stage_ == Stage::header) end_header(text_.size());
  if (stage_ == Stage::held) release();
  return refusal_;
}

/// The header ends with the first line that cannot belong to it.
void MessageStream::take_header(std::string_view bytes) {
  text_ += bytes;
  for (std::size_t end; (end = text_.find('\n', line_at_)) != std::string::npos; line_at_ = end + 1) {
    const std::string_view line = std::string_view(text_).substr(line_at_, end + 1 - line_at_);
    if (!header::is_field(line) && !(is_continuation(line) && line_at_ > 0)) return end_header(line_at_);
  }
  if (text_.size() > longest_header) refuse(too_large);
}

void MessageStream::end_header(std::size_t end) {
  if (end > longest_header) return refuse(too_large);
  const std::string text = std::exchange(text_, {});
  before_ = fields_ = fields_of(std::string_view(text).substr(0, end));
  std::string_view body = std::string_view(text).substr(end);
  has_blank_line_ = body.starts_with('\n');
  if (has_blank_line_) body.remove_prefix(1);
  for (Feature* feature : all_)
    if (auto refusal = feature->header(fields_)) return refuse(std::move(*refusal));
  stage_ = whole_.empty() ? Stage::passed : Stage::held;
  if (stage_ == Stage::passed) put_header();
  if (!body.empty()) put_body(body);
}

void MessageStream::put_body(std::string_view bytes) {
  if (stage_ == Stage::passed) queue_.put(bytes);
  if (stage_ != Stage::held) return;
  for (Feature* feature : whole_) feature->body(bytes);
  if (!spool_.put(bytes)) refuse({451, "unable to keep the message meanwhile (#4.3.0)"});
}

void MessageStream::refuse(Reply reply) {
  refusal_ = std::move(reply);
  stage_ = Stage::refused;
  queue_.fail();
}

/// What nobody has changed goes on as it came, whatever it looks like.
void MessageStream::put_header() {
  for (const std::string& field : fields_) queue_.put(field);
  if (has_blank_line_ || fields_ != before_) queue_.put("\n");
}

void MessageStream::release() {
  for (Feature* feature : whole_)
    if (auto refusal = feature->end_of_message(fields_)) return refuse(std::move(*refusal));
  put_header();
  if (!spool_.take([this](std::string_view bytes) { queue_.put(bytes); }))
    refuse({451, "unable to read the message back (#4.3.0)"});
}

}  // namespace qmail::smtpd
