#include "core/queue/draft.h"

#include "core/base/publish.h"
#include "core/base/sys.h"

namespace qmail::queue {
namespace {

/// Most messages fit: they are written at once, at the end.
constexpr std::size_t most_buffered_bytes = 8192;
constexpr std::array parts{Part::info, Part::local, Part::remote};

}  // namespace

std::variant<Draft, Trouble> Draft::start(Names& names, Number number) {
  for (const Part part : {Part::local, Part::remote, Part::info})
    if (auto trouble = names.remove(part, number)) return std::move(*trouble);
  Draft draft(names, number);
  if (auto trouble = draft.create(draft.files_.front())) return std::move(*trouble);
  return draft;
}

std::optional<Trouble> Draft::create(File& file) const {
  file.fd = names_->open(file.part, number_, O_WRONLY | O_CREAT | O_EXCL, file_mode);
  if (file.fd) return std::nullopt;
  return Trouble{"unable to create", name_of(file.part, number_)};
}

std::optional<Trouble> Draft::put_sender(std::string_view sender) { return put(files_.front(), 'F', sender); }

std::optional<Trouble> Draft::put_recipient(Channel channel, std::string_view recipient) {
  return put(file_for(channel), 'T', recipient);
}

std::optional<Trouble> Draft::put(File& file, char tag, std::string_view address) const {
  if (!file.fd)
    if (auto trouble = create(file)) return trouble;
  file.buffer += tag;
  file.buffer.append(address).push_back('\0');
  return file.buffer.size() < most_buffered_bytes ? std::nullopt : flush(file);
}

std::optional<Trouble> Draft::flush(File& file) const {
  if (!try_write_all(file.fd.get(), file.buffer))
    return Trouble{"trouble writing to", name_of(file.part, number_)};
  file.buffer.clear();
  return std::nullopt;
}

std::optional<Trouble> Draft::finish() {
  for (File& file : files_)
    if (file.fd)
      if (auto trouble = flush(file)) return trouble;
  if (birth_ && sys::futimens(files_.front().fd.get(), {*birth_, *birth_}) < 0)
    return Trouble{"unable to utime", name_of(Part::info, number_)};
  return std::nullopt;
}

std::optional<Trouble> Draft::sync() {
  for (File& file : files_)
    if (file.fd && sys::fsync(file.fd.get()) < 0)
      return Trouble{"trouble fsyncing", name_of(file.part, number_)};
  return std::nullopt;
}

std::optional<Trouble> sync_names(Names& names, std::span<const Number> drafts) {
  return names.sync(parts, drafts);
}

std::optional<Trouble> sync_removed_todo(const Layout& layout) {
  const std::string folder(folder_of(Part::todo));
  if (layout.sync(folder) == 0) return std::nullopt;
  return Trouble{"trouble fsyncing", folder};
}

}  // namespace qmail::queue
