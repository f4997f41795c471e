// Whom answers went to, and when: one line each, "SECONDS ADDRESS". qmail-vacation(1).
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace qmail::vacation {

class Answered {
 public:
  /// What of `text` counts at `now`: lines that make no sense and those older than `interval` seconds are
  /// left out; one from the future counts from now.
  static Answered read(std::string_view text, std::int64_t now, std::int64_t interval);

  bool has(std::string_view sender) const;
  /// False, and nothing changes, if there is no room for another one.
  bool add(std::string_view sender, std::int64_t now);
  void remove(std::string_view sender);
  std::string text() const;

  /// Strangers may make it so long, and no longer: then they get no answers.
  static constexpr std::size_t most_bytes = std::size_t{1} << 20;

 private:
  struct Entry {
    std::int64_t when;
    std::string sender;  ///< in lower case
  };
  std::vector<Entry> entries_;
  std::size_t bytes_ = 0;
};

}  // namespace qmail::vacation
