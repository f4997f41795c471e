#include "core/programs/qmail-qctl/listing.h"

#include <algorithm>
#include <cerrno>

#include "core/format/json.h"
#include "core/queue/view/text.h"

namespace qmail::qctl {
namespace {

using queue::Channel;
using queue::view::Message;

/// What was read of one message before anything of it is written.
struct Head {
  queue::Info info;
  std::uint64_t size_bytes;
  bool bouncing;
};

/// None, with errno set, if it is not whole.
std::optional<Head> read_head(Message& message) {
  const auto info = message.info();
  const auto size_bytes = info ? message.size_bytes() : std::nullopt;
  if (!size_bytes) return std::nullopt;
  return Head{*info, *size_bytes, message.is_bouncing()};
}

void put_text(Message& message, const Head& head, Writer& out, Writer& err) {
  out.put(queue::view::head_line(message.number(), head.info, head.size_bytes));
  out.put(head.bouncing ? " bouncing" : "").put(head.info.held ? " held" : "").put("\n");
  for (const Channel channel : queue::every_channel) {
    const auto put = [&](std::string_view address, bool done) {
      out.put(queue::view::recipient_line(channel, address, done));
    };
    if (!message.recipients(channel, put)) err.put(queue::view::trouble_line(message.number(), errno));
  }
}

std::string json_recipients(Message& message, Writer& err) {
  json::Array list;
  for (const Channel channel : queue::every_channel) {
    const auto add = [&](std::string_view address, bool done) {
      list.add(json::Object()
                   .put("channel", queue::name_of(channel))
                   .put("address", address)
                   .put("done", done)
                   .text());
    };
    if (!message.recipients(channel, add)) err.put(queue::view::trouble_line(message.number(), errno));
  }
  return list.text();
}

json::Object json_head(Message& message, const Head& head, Writer& err) {
  json::Object object;
  object.put("id", message.number()).put("birth", head.info.birth).put("size", head.size_bytes);
  object.put("sender", std::string_view(head.info.sender)).put("bouncing", head.bouncing);
  object.put("held", head.info.held).put("log", message.is_in_log());
  object.put_raw("recipients", json_recipients(message, err));
  return object;
}

/// For a terminal: a message may hold what would change it.
std::string harmless(std::string_view block) {
  std::string text(block);
  std::replace_if(
      text.begin(), text.end(), [](char c) { return (c < ' ' && c != '\n' && c != '\t') || c > '~'; }, '_');
  return text;
}

bool put_message(Message& message, bool raw, Writer& out) {
  return message.read([&](std::string_view block) {
    out.put(raw ? std::string(block) : harmless(block));
    return true;
  });
}

std::string whole(Message& message) {
  std::string text;
  const auto take = [&](std::string_view block) { return text.append(block), true; };
  return message.read(take) ? text : "";
}

void show(Message& message, const Command& command, Writer& out, Writer& err) {
  const auto head = command.raw ? std::nullopt : read_head(message);
  bool is_read = command.raw || head;
  if (is_read && command.json && head) {
    out.put(json_head(message, *head, err).put("text", std::string_view(whole(message))).text()).put("\n");
  } else if (is_read) {
    if (head) put_text(message, *head, out, err);
    if (head) out.put("\n");
    is_read = put_message(message, command.raw, out);
  }
  if (!is_read) err.put(queue::view::trouble_line(message.number(), errno));
}

}  // namespace

void list_messages(const QueueInView& view, const Command& command, Writer& out, Writer& err) {
  visit_selected(view.queue, view.read_routing, command.selection, view.now, [&](Message& message) {
    if (command.numbers_only) {
      out.put(std::to_string(message.number())).put("\n");
      return;
    }
    const auto head = read_head(message);
    if (!head)
      err.put(queue::view::trouble_line(message.number(), errno));
    else if (command.json)
      out.put(json_head(message, *head, err).text()).put("\n");
    else
      put_text(message, *head, out, err);
  });
}

void show_messages(const QueueInView& view, const Command& command, Writer& out, Writer& err) {
  visit_selected(view.queue, view.read_routing, command.selection, view.now,
                 [&](Message& message) { show(message, command, out, err); });
}

}  // namespace qmail::qctl
