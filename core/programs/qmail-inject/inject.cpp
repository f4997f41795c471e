#include "core/programs/qmail-inject/inject.h"

#include <functional>
#include <optional>

#include "core/base/failure.h"
#include "core/base/io.h"
#include "core/base/options.h"
#include "core/base/program.h"
#include "core/format/address.h"
#include "core/format/header_field.h"
#include "core/programs/qmail-inject/draft.h"
#include "core/programs/qmail-inject/new_fields.h"
#include "core/queue/client.h"

namespace qmail::inject {
namespace {

/// What the arguments ask for.
struct Request {
  bool print = false;
  bool use_header = true;
  std::optional<std::string> sender;
  std::vector<std::string> recipients;
};

header::Tokens parse_address(const std::string& address, const Failure& complaint) {
  auto tokens = header::parse_tokens(quote_address(address));
  if (!tokens) throw complaint;
  return std::move(*tokens);
}

std::string complete_sender(const std::string& sender, const header::Completion& completion) {
  header::Tokens address = parse_address(sender, header::unparsable(quote_address(sender)));
  completion.complete(address);
  return envelope_form(address);
}

std::string complete_recipient(const std::string& recipient, const header::Completion& completion) {
  header::Tokens address =
      parse_address(recipient, {Exit::permanent, "unable to parse address: " + recipient});
  completion.complete(address);
  return envelope_form(address);
}

Request parse_request(const std::vector<std::string>& args, const header::Completion& completion) {
  Request request;
  Options options(args, "aAhHnNf:");
  char strategy = 'A';
  while (const auto option = options.next()) {
    switch (*option) {
      case 'n': request.print = true; break;
      case 'N': request.print = false; break;
      case 'f': request.sender = complete_sender(options.value(), completion); break;
      case '?': throw UsageError(Exit::permanent, options.problem());
      default: strategy = *option;
    }
  }
  const std::vector<std::string> rest = options.rest();
  if (strategy == 'A') strategy = rest.empty() ? 'h' : 'a';
  request.use_header = strategy != 'a';
  if (strategy != 'h')
    for (const std::string& recipient : rest)
      request.recipients.push_back(complete_recipient(recipient, completion));
  return request;
}

using Put = std::function<void(std::string_view)>;

/// Reads the header into `draft`; what the body starts with if the header's end was read.
std::string read_header(Reader& in, Draft& draft) {
  header::HeaderSplitter splitter([&](const std::string& field) { draft.add(field); });
  std::string line;
  while (in.line(line) || !line.empty()) {
    line += '\n';
    if (!splitter.take(line)) return line == "\n" ? line : "\n" + line;
  }
  splitter.end();
  return "";
}

/// Copies what is left, ended by a newline.
void copy_body(Reader& in, const Put& put) {
  bool whole = true;
  for (std::string_view bytes = in.peek(); !bytes.empty(); bytes = in.peek()) {
    put(bytes);
    whole = bytes.ends_with('\n');
    in.take(bytes.size());
  }
  if (!whole) put("\n");
}

void check(const Reader& in) {
  if (in.stopped() == Stop::failed) throw Failure(Exit::temporary, "read error");
}

void print_message(const Draft& draft, const std::string& head, Reader& in, int out) {
  Writer writer(out);
  writer.put("Return-Path: <").put(quote_address(draft.sender())).put(">\n").put(head);
  copy_body(in, [&](std::string_view bytes) { writer.put(bytes); });
  check(in);
  writer.flush_or_throw("output");
}

void queue_message(const Invocation& call, const Request& request, const Draft& draft,
                   const std::string& head, Reader& in) {
  queue::Client client(call.home, call.environment);
  client.put(head);
  copy_body(in, [&](std::string_view bytes) { client.put(bytes); });
  check(in);
  client.from(draft.sender());
  for (const std::string& recipient : request.recipients) client.to(recipient);
  if (request.use_header)
    for (const std::string& recipient : draft.recipients()) client.to(recipient);
  const std::string refusal = client.close();
  if (refusal.empty()) return;
  throw Failure(refusal.front() == 'D' ? Exit::permanent : Exit::temporary, refusal.substr(1));
}

}  // namespace

void inject(const Invocation& call) {
  const Settings settings =
      read_settings(call.environment, Control(call.home.sub("control")), call.clock.now(), call.pid);
  const Request request = parse_request(call.args, settings.completion);
  Draft draft(settings, request.sender);
  Reader in(call.in);
  const std::string body_start = read_header(in, draft);
  check(in);
  const std::string head = draft.finish() + body_start;
  if (request.print) {
    print_message(draft, head, in, call.out);
  } else {
    queue_message(call, request, draft, head, in);
  }
}

}  // namespace qmail::inject
