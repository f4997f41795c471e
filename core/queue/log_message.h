// A message that is in the queue log, as qmail-send knows it while it is delivered from there. Its recipients
// are kept in the form of the stock layout's lists, so that a place in a list means the same before and after
// the message moves there. ARCHITECTURE: "The queue". In memory a message with one recipient
// takes at most 500 bytes, each further recipient its address and 24, or twice that while the arrays grow.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/queue/store.h"

namespace qmail::queue {

struct LogMessage final : public EnvelopeSink {
  enum class Stage {
    live,     ///< in the log only
    ending,   ///< nothing is left to do; the log is being told
    wanting,  ///< is to move into the stock layout
    placing,  ///< its mess file is being made
    placed,   ///< and is there
    moved,    ///< its info is durable: it is the stock layout's, but the log may not know that for good
    stock,    ///< the log has nothing to do with it any more
    ended,    ///< nothing is left of it
  };
  /// How far one channel is.
  enum class Attempt : std::uint8_t {
    none,      ///< has no recipients
    waiting,   ///< is due: the schedule has it
    parked,    ///< is due, but the body is not here
    running,   ///< has a job
    deferred,  ///< is to be tried again at `due`
    finished,  ///< all its recipients are done
  };
  struct Place {
    Channel channel;
    std::uint32_t position;  ///< of the record in the list
  };

  Number number = 0;
  std::int64_t birth = 0;
  std::int64_t arrival = 0;  ///< when qmail-send heard of it
  std::string sender = {};
  std::array<std::string, 2> lists = {};  ///< by channel: as in the files
  std::array<Attempt, 2> attempts = {};   ///< by channel
  std::uint32_t birth_part = 0;           ///< as in Info
  std::array<std::int64_t, 2> due = {};   ///< by channel that is deferred
  std::vector<Place> places = {};         ///< by index in the envelope
  std::string bounce = {};                ///< as in the file
  Fd body{};                              ///< a sealed memfd, if it is here
  std::size_t left = 0;                   ///< recipients not done
  std::size_t unwritten = 0;              ///< outcomes that the log has not confirmed
  std::uint64_t failure_serial = 0;       ///< of the last order that told of a permanent failure
  Stage stage = Stage::live;
  bool is_body_asked = false;
  bool is_header_told = false;  ///< in the twin of the log
  bool may_have_files = false;  ///< in the layout, from a move that did not get to its end
  bool touched = false;         ///< see LogStore::touch()

  /// Before this, everything about its delivery is in memory; afterwards in the files.
  bool is_in_memory() const { return stage < Stage::moved; }
  Attempt& attempt(Channel channel) { return attempts[at(channel)]; }
  const std::string& list(Channel channel) const { return lists[at(channel)]; }
  bool has_attempt(Attempt attempt) const { return attempts[0] == attempt || attempts[1] == attempt; }
  bool is_finished() const;

  std::optional<Trouble> put_sender(std::string_view text) override;
  std::optional<Trouble> put_recipient(Channel channel, std::string_view recipient) override;
  /// The recipient whose record starts there is done.
  void mark_done(Channel channel, std::uint64_t position);
  /// Which one that is in the envelope.
  std::uint32_t index_of(Channel channel, std::uint64_t position) const;
  /// A description of its own of the message, at the start; none, with errno set, if it cannot be had.
  Fd open_body() const;
  /// The same for a delivery. If the message has one recipient, it is what was here.
  Fd pass_body();
};

using LogMessagePtr = std::shared_ptr<LogMessage>;

}  // namespace qmail::queue
