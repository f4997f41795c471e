// A message being preprocessed in the stock layout: its info, local and remote files, while todo is still
// there to start again from. Written by qmail-send. docs/internals/queue.md.
#pragma once
#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <time.h>
#include <variant>

#include "core/queue/layout.h"
#include "core/queue/names.h"
#include "core/queue/store.h"

namespace qmail::queue {

class Draft final : public EnvelopeSink {
 public:
  /// Removes what an earlier attempt left and makes info. `names` must outlive the draft.
  static std::variant<Draft, Trouble> start(Names& names, Number number);

  /// What info is to say of the message's birth; else it is the moment that info is written.
  void set_birth(const timespec& birth) { birth_ = birth; }
  std::optional<Trouble> put_sender(std::string_view sender) override;
  std::optional<Trouble> put_recipient(Channel channel, std::string_view recipient) override;
  /// Writes what is buffered; no more may be put then.
  std::optional<Trouble> finish();
  /// The files' bytes are durable on return of none; their names are not: see sync_names().
  std::optional<Trouble> sync();

  Number number() const { return number_; }

 private:
  struct File {
    Part part;
    Fd fd{};
    std::string buffer{};
  };

  Draft(Names& names, Number number) : names_(&names), number_(number) {}
  File& file_for(Channel channel) { return files_[1 + at(channel)]; }
  std::optional<Trouble> create(File& file) const;
  std::optional<Trouble> put(File& file, char tag, std::string_view address) const;
  std::optional<Trouble> flush(File& file) const;

  Names* names_;
  Number number_;
  std::optional<timespec> birth_ = std::nullopt;
  std::array<File, 3> files_{File{Part::info}, File{Part::local}, File{Part::remote}};
};

/// The names of these drafts are durable on return of none, and todo may go.
std::optional<Trouble> sync_names(Names& names, std::span<const Number> drafts);
/// What was removed from todo stays removed, on return of none. qmail-clean has seen to intd.
std::optional<Trouble> sync_removed_todo(const Layout& layout);

}  // namespace qmail::queue
