// The store that qmail-send works with: each message is where it is, in the queue log or in the stock layout.
#pragma once
#include "core/queue/log_store.h"
#include "core/queue/stock_store.h"

namespace qmail::queue {

class BothStores final : public Store {
 public:
  /// Both must outlive this object.
  BothStores(LogStore& log, StockStore& stock) : log_(log), stock_(stock) {}

  std::variant<Standing, Trouble> standing(Number number) const override {
    return of(number).standing(number);
  }
  std::optional<Info> info(Number number) const override { return of(number).info(number); }

  std::unique_ptr<RecipientList> recipients(Number number, Channel channel) const override {
    return of(number).recipients(number, channel);
  }
  std::string list_name(Number number, Channel channel) const override {
    return of(number).list_name(number, channel);
  }
  bool mark_done(Number number, Channel channel, std::uint64_t position) override {
    return of(number).mark_done(number, channel, position);
  }
  std::optional<Trouble> remove_list(Number number, Channel channel) override {
    return of(number).remove_list(number, channel);
  }
  bool set_due(Number number, Channel channel, std::int64_t when) override {
    return of(number).set_due(number, channel, when);
  }

  std::string bounce_name(Number number) const override { return of(number).bounce_name(number); }
  bool append_bounce(Number number, std::string_view& note) override {
    return of(number).append_bounce(number, note);
  }
  bool sync_bounces(std::span<const Number> numbers) override {
    return stock_.sync_bounces(stock_ones(numbers));
  }
  std::variant<bool, Trouble> has_bounce(Number number) const override {
    return of(number).has_bounce(number);
  }
  Fd open_bounce(Number number) const override { return of(number).open_bounce(number); }
  Fd open_message(Number number) const override { return of(number).open_message(number); }
  std::optional<Trouble> remove_bounce(Number number) override { return of(number).remove_bounce(number); }

  std::optional<Trouble> sync_removals(std::span<const Number> numbers) override {
    return stock_.sync_removals(stock_ones(numbers));
  }
  std::optional<Trouble> remove_info(Number number) override { return of(number).remove_info(number); }
  std::optional<Trouble> sync_infos(std::span<const Number> numbers) override {
    return stock_.sync_infos(stock_ones(numbers));
  }

 private:
  Store& of(Number number) const {
    if (log_.find_in_memory(number)) return log_;
    return stock_;
  }
  std::vector<Number> stock_ones(std::span<const Number> numbers) const;

  LogStore& log_;
  StockStore& stock_;
};

}  // namespace qmail::queue
