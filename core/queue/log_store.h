// Messages in delivery that are in the queue log and nowhere else: kept in memory, told of by the resident
// qmail-queue (link.h). Nothing here touches the disk.
#pragma once
#include <unordered_map>
#include <vector>

#include "core/queue/log_message.h"

namespace qmail::queue {

class LogStore final : public Store {
 public:
  void add(LogMessagePtr message);
  /// Null if there is none.
  LogMessagePtr find(Number number) const;
  /// The same, if everything about its delivery is in memory.
  LogMessagePtr find_in_memory(Number number) const;
  /// It is `stock` or `ended` now.
  void remove(const LogMessagePtr& message, LogMessage::Stage stage);
  std::size_t size() const { return messages_.size(); }

  /// It is due on this channel, but must wait for its body.
  void park(const LogMessagePtr& message, Channel channel);
  /// Its body has come, or will not: the channels that waited for it are to be scheduled.
  std::vector<Channel> take_parked(LogMessage& message);
  std::size_t parked() const { return parked_; }

  /// What is deferred is to be tried again now, once it is in the layout.
  void make_all_due(std::int64_t now);

  /// Something about it has changed that its stage may depend on.
  void touch(const LogMessagePtr& message);
  void touch_all();
  bool has_touched() const { return !touched_.empty(); }
  std::vector<LogMessagePtr> take_touched();

  std::variant<Standing, Trouble> standing(Number number) const override;
  std::optional<Info> info(Number number) const override;

  std::unique_ptr<RecipientList> recipients(Number number, Channel channel) const override;
  std::string list_name(Number number, Channel channel) const override;
  bool mark_done(Number number, Channel channel, std::uint64_t position) override;
  std::optional<Trouble> remove_list(Number number, Channel channel) override;
  bool set_due(Number number, Channel channel, std::int64_t when) override;

  std::string bounce_name(Number number) const override;
  bool append_bounce(Number number, std::string_view& note) override;
  /// What makes a note durable is the order that told the log of it.
  bool sync_bounces(std::span<const Number>) override { return true; }
  std::variant<bool, Trouble> has_bounce(Number number) const override;
  Fd open_bounce(Number number) const override;
  Fd open_message(Number number) const override;
  std::optional<Trouble> remove_bounce(Number number) override;

  std::optional<Trouble> sync_removals(std::span<const Number>) override { return std::nullopt; }
  std::optional<Trouble> remove_info(Number) override { return std::nullopt; }
  std::optional<Trouble> sync_infos(std::span<const Number>) override { return std::nullopt; }

 private:
  std::unordered_map<Number, LogMessagePtr> messages_;
  std::vector<LogMessagePtr> touched_;
  std::size_t parked_ = 0;  ///< channels
};

}  // namespace qmail::queue
