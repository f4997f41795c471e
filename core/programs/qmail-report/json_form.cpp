#include "core/programs/qmail-report/json_form.h"

#include "core/programs/qmail-report/show.h"

namespace qmail::report {
namespace {

constexpr std::size_t most_json_rows = 100;

/// Members of one object, in the order they are added.
class Object {
 public:
  Object& add(std::string_view key, const std::string& json) {
    text_.append(text_.empty() ? "{\"" : ", \"").append(key).append("\": ").append(json);
    return *this;
  }
  Object& add(std::string_view key, std::uint64_t value) { return add(key, std::to_string(value)); }
  Object& add_seconds(std::string_view key, double value) { return add(key, decimal(value, 6)); }
  Object& add_text(std::string_view key, std::string_view value) {
    std::string quoted = "\"";
    for (const char c : printable(value)) quoted.append(c == '"' || c == '\\' ? 1 : 0, '\\') += c;
    return add(key, quoted + "\"");
  }
  std::string text() const { return text_ + "}"; }

 private:
  std::string text_;
};

template <typename Items, typename Write>
std::string array_of(const Items& items, Write write) {
  std::string text;
  for (const auto& item : items) text += (text.empty() ? "\n  " : ",\n  ") + write(item);
  return "[" + text + "]";
}

std::string table(const Heaviest& heaviest, std::string_view key, bool is_by_time) {
  const std::string rows = array_of(heaviest.top(most_json_rows), [&](const Heavy& heavy) {
    Object row;
    row.add_text(key, heavy.key);
    if (is_by_time)
      row.add_seconds("seconds", seconds_of(static_cast<std::int64_t>(heavy.weight)));
    else
      row.add("count", heavy.weight).add_seconds("seconds", seconds_of(heavy.sums.nanoseconds));
    row.add("bytes", heavy.sums.bytes).add("successes", heavy.sums.successes);
    return row.add("failures", heavy.sums.failures).add("deferrals", heavy.sums.deferrals).text();
  });
  Object whole;
  if (is_by_time)
    whole.add_seconds("seconds_too_large_by_at_most",
                      seconds_of(static_cast<std::int64_t>(heaviest.excess())));
  else
    whole.add("count_too_large_by_at_most", heaviest.excess());
  return whole.add("rows", rows).text();
}

std::string messages(const Figures& f) {
  Object object;
  object.add("queued", f.queued.messages).add("queued_bytes", f.queued.bytes).add("done", f.done.messages);
  object.add("done_bytes", f.done.bytes).add("unfinished", f.unfinished_messages());
  return object.add_seconds("seconds_in_queue", seconds_of(f.done.nanoseconds)).text();
}

std::string deliveries(const Figures& f) {
  Object object;
  object.add("successes", f.tried.successes).add("failures", f.tried.failures);
  object.add("deferrals", f.tried.deferrals).add_seconds("seconds", seconds_of(f.tried.nanoseconds));
  return object.add_seconds("average_concurrency", f.average_concurrency()).text();
}

std::string delays(const Delays& delays) {
  Object object;
  object.add("count", delays.count());
  for (const int percent : {50, 90, 95, 99})
    object.add_seconds("seconds_within_" + std::to_string(percent), delays.seconds_within(percent));
  object.add_seconds("slowest_seconds", delays.slowest_seconds());
  std::size_t place = 0;
  const std::string bars = array_of(delays.counts(), [&](std::uint64_t count) {
    Object bar;
    bar.add_text("up_to", Delays::bars.at(place++).label);
    return bar.add("count", count).text();
  });
  return object.add("distribution", bars).text();
}

std::string volume(const Volume& volume) {
  const std::string bins = array_of(volume.bins(), [](const Bin& bin) {
    Object object;
    object.add("start", std::to_string(bin.start)).add("messages", bin.messages);
    object.add("successes", bin.successes).add("failures", bin.failures);
    return object.add("deferrals", bin.deferrals).text();
  });
  Object object;
  return object.add("width_seconds", std::to_string(volume.width_seconds())).add("bins", bins).text();
}

}  // namespace

std::string json_form(const Figures& f) {
  Object lines;
  lines.add("read", f.lines)
      .add("not_understood", f.lines_not_understood)
      .add("passed_over", f.passed_over());
  Object whole;
  whole.add("first", f.first ? std::to_string(*f.first) : "null");
  whole.add("last", f.last ? std::to_string(*f.last) : "null");
  whole.add("lines", lines.text()).add("alerts", f.alerts).add("warnings", f.warnings);
  whole.add("messages", messages(f)).add("deliveries", deliveries(f));
  whole.add("delays", delays(f.delays)).add("volume", volume(f.volume));
  whole.add("trouble", table(f.trouble, "what", false));
  whole.add("failure_reasons", table(f.failure_reasons, "reason", false));
  whole.add("deferral_reasons", table(f.deferral_reasons, "reason", false));
  whole.add("hosts", table(f.hosts, "host", true)).add("senders", table(f.senders, "sender", false));
  return whole.text() + "\n";
}

}  // namespace qmail::report
