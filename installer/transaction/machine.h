// The real machine, or the one below --root: does steps to files, accounts and services.
#pragma once
#include "installer/transaction/accounts.h"
#include "installer/transaction/files.h"
#include "installer/transaction/system.h"

namespace qmail::transaction {

class Machine final : public System {
 public:
  /// Before-images go into directory `saved`. `tree` must outlive this object.
  Machine(const Tree& tree, Directory saved) : tree_(tree), saved_(std::move(saved)) {}

  Saved save(std::size_t number, const Step& step) override;
  void apply(const Step& step) override;
  std::string fingerprint(const Step& step) const override;
  std::optional<std::string> undo(const Step& step, const Saved& saved,
                                  const std::optional<std::string>& made) override;

 private:
  Attributes attributes_of(const std::string& owner, const std::string& group, mode_t mode) const;
  Saved save_file(std::size_t number, const std::string& path);
  std::optional<std::string> undo_file(const std::string& path, const Saved& saved,
                                       const std::optional<std::string>& made);
  std::optional<std::string> undo_attributes(const std::string& path, const Saved& saved,
                                             const std::optional<std::string>& made);
  std::string keep_aside(const std::string& path);

  const Tree& tree_;
  Directory saved_;
};

}  // namespace qmail::transaction
