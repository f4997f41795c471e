// The asker that programs use: asks the machine's name servers itself, all questions at the same time and no
// longer than one of them may take. system_resolver.h says where it finds them.
#pragma once
#include "core/base/clock.h"
#include "core/dns/asker.h"
#include "core/dns/sources.h"
#include "core/format/resolv_conf.h"

namespace qmail::dns {

/// The bytes of a settings file; empty if it cannot be read, as if it were not there.
std::string settings_text(const std::string& path);

class SystemAsker final : public Asker {
 public:
  explicit SystemAsker(const Clock& clock, Sources sources = {})
      : clock_(clock), sources_(std::move(sources)) {}

  void ask(std::span<const Question> questions, const TakeLookup& take) override;

 private:
  const Clock& clock_;
  Sources sources_;
};

}  // namespace qmail::dns
