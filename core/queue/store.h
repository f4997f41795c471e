// What qmail-send needs of the place where messages are kept while they are delivered. One implementation:
// the stock layout, stock_store.h. Nothing here throws for trouble with one message: qmail-send logs it and
// tries again later.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <variant>

#include "core/base/fd.h"
#include "core/queue/layout.h"

namespace qmail::queue {

enum class Channel { local, remote };
inline constexpr std::array<Channel, 2> every_channel{Channel::local, Channel::remote};
/// Its place in arrays by channel.
constexpr std::size_t at(Channel channel) { return static_cast<std::size_t>(channel); }
std::string_view name_of(Channel channel);
Part part_of(Channel channel);

/// What failed with which file, in the words of qmail-log(5): "unable to stat", "info/19/457".
struct Trouble {
  std::string_view what;
  std::string file;
};

/// What is left to do for a message.
struct Standing {
  bool preprocessed = false;                         ///< if not, it is none of the deliveries' business
  bool held = false;                                 ///< not to be tried
  std::array<std::optional<std::int64_t>, 2> due{};  ///< by channel that has recipients: when to try next
  const std::optional<std::int64_t>& due_on(Channel channel) const { return due[at(channel)]; }
};

struct Info {
  std::string sender;
  std::int64_t birth = 0;
  bool held = false;
  std::int64_t birth_part = 0;  ///< of that second, in nanoseconds; tells apart what was born in it
};

/// The administrator keeps a message from being tried by the sticky bit of its info file, which no qmail
/// minds: it lives and goes with the message.
inline constexpr mode_t held_bit = S_ISVTX;
constexpr bool is_held(mode_t info_mode) { return (info_mode & held_bit) != 0; }

struct ListItem {
  enum class Kind { to_do, done, end, unreadable, unknown };
  Kind kind = Kind::end;
  std::uint64_t position = 0;  ///< for mark_done()
  std::string recipient = {};  ///< of what is to do
};

/// The recipients of one message on one channel, in order.
class RecipientList {
 public:
  virtual ~RecipientList() = default;
  virtual ListItem next() = 0;
};

/// Where the envelope of a new message goes.
class EnvelopeSink {
 public:
  virtual ~EnvelopeSink() = default;
  virtual std::optional<Trouble> put_sender(std::string_view sender) = 0;
  virtual std::optional<Trouble> put_recipient(Channel channel, std::string_view recipient) = 0;

 protected:
  EnvelopeSink() = default;
  EnvelopeSink(EnvelopeSink&&) = default;
  EnvelopeSink& operator=(EnvelopeSink&&) = default;
};

class Store {
 public:
  virtual ~Store() = default;

  virtual std::variant<Standing, Trouble> standing(Number number) const = 0;
  /// None if it is not to be had, for whatever reason.
  virtual std::optional<Info> info(Number number) const = 0;

  /// Null if it cannot be opened.
  virtual std::unique_ptr<RecipientList> recipients(Number number, Channel channel) const = 0;
  /// How the log calls that list.
  virtual std::string list_name(Number number, Channel channel) const = 0;
  /// This recipient is not to be tried again. Not synced: losing it costs a second delivery.
  virtual bool mark_done(Number number, Channel channel, std::uint64_t position) = 0;
  virtual std::optional<Trouble> remove_list(Number number, Channel channel) = 0;
  virtual bool set_due(Number number, Channel channel, std::int64_t when) = 0;

  /// How the log calls the notes of permanent failures.
  virtual std::string bounce_name(Number number) const = 0;
  /// Adds to them and takes what was written off `note`. False if not all was.
  virtual bool append_bounce(Number number, std::string_view& note) = 0;
  /// The notes of all these messages are durable on return of true.
  virtual bool sync_bounces(std::span<const Number> numbers) = 0;
  virtual std::variant<bool, Trouble> has_bounce(Number number) const = 0;
  virtual Fd open_bounce(Number number) const = 0;   ///< for reading; none on failure
  virtual Fd open_message(Number number) const = 0;  ///< for reading; none on failure
  virtual std::optional<Trouble> remove_bounce(Number number) = 0;

  /// On return of none, what was removed of these messages (lists and bounces) stays removed.
  virtual std::optional<Trouble> sync_removals(std::span<const Number> numbers) = 0;
  /// The message is no longer to be delivered or bounced.
  virtual std::optional<Trouble> remove_info(Number number) = 0;
  virtual std::optional<Trouble> sync_infos(std::span<const Number> numbers) = 0;
};

}  // namespace qmail::queue
