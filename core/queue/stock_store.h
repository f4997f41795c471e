// Messages in delivery as every qmail keeps them: info, local, remote and bounce files. The formats are in
// docs/internals/queue.md.
#pragma once
#include "core/queue/names.h"
#include "core/queue/store.h"

namespace qmail::queue {

class StockStore final : public Store {
 public:
  /// `names` must outlive this object.
  explicit StockStore(Names& names) : layout_(names.layout()), names_(names) {}

  std::variant<Standing, Trouble> standing(Number number) const override;
  std::optional<Info> info(Number number) const override;

  std::unique_ptr<RecipientList> recipients(Number number, Channel channel) const override;
  std::string list_name(Number number, Channel channel) const override;
  bool mark_done(Number number, Channel channel, std::uint64_t position) override;
  std::optional<Trouble> remove_list(Number number, Channel channel) override;
  bool set_due(Number number, Channel channel, std::int64_t when) override;
  /// What was changed in that list stays so, on return of true.
  bool sync_list(Number number, Channel channel);

  std::string bounce_name(Number number) const override;
  bool append_bounce(Number number, std::string_view& note) override;
  bool sync_bounces(std::span<const Number> numbers) override;
  std::variant<bool, Trouble> has_bounce(Number number) const override;
  Fd open_bounce(Number number) const override;
  Fd open_message(Number number) const override;
  std::optional<Trouble> remove_bounce(Number number) override;

  std::optional<Trouble> sync_removals(std::span<const Number> numbers) override;
  std::optional<Trouble> remove_info(Number number) override;
  std::optional<Trouble> sync_infos(std::span<const Number> numbers) override;

 private:
  Fd open_to_read(Part part, Number number) const;

  const Layout& layout_;
  Names& names_;
};

}  // namespace qmail::queue
