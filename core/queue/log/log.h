// The queue's log: accepted messages in front of the stock layout. The resident qmail-queue owns it; its
// mover makes what it is written to (mover.h), others only read (scan.h). The format, and who makes which
// step, are in docs/internals/queue.md.
//
//   append() a few messages, then commit(): one write and one sync for all of them. What is said of a message
//   afterwards (outcome, ended, moved) goes out with the next commit, or with write() and a later sync.
//
// No call throws for trouble with the disk. After one the log writes what is still live into a fresh segment
// and never again to the one in trouble; until that has worked it refuses messages.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/clock.h"
#include "core/queue/log/batch.h"
#include "core/queue/log/segments.h"
#include "core/queue/log/spares.h"

namespace qmail::queue_log {

struct Settings {
  /// What the disk must have left for messages to be accepted: they may have to be moved to the layout. Of a
  /// small disk it is a quarter.
  std::uint64_t reserve_bytes = std::uint64_t{64} << 20;
  std::size_t most_segments = 256;
  std::uint32_t segment_bytes = usual_segment_bytes;  ///< of those that the mover makes
};

enum class Refusal {
  no_spare,    ///< no number to give it: the mover is to make spares
  no_segment,  ///< no room: the mover is to make a segment
  too_large,   ///< for a segment
  disk_full,   ///< the disk is below its reserve: the answer is 53
  failed,      ///< a write or sync has failed and was not made good yet
};

/// A live message found at the start, with what is known of its recipients.
struct Replay {
  Number id = 0;
  std::vector<Outcome> outcomes{};
};

class Log {
 public:
  /// `line` is one of qmail-log(5)'s, beginning with "alert: ", with its newline.
  using Alert = std::function<void(const std::string& line)>;

  /// Takes the lock and recovers what is live. A reason if there can be no log here: it has another owner,
  /// its folders are missing, cannot be written, or are on another filesystem than mess. The layout and the
  /// clock must outlive the log.
  static std::variant<std::unique_ptr<Log>, std::string> open(const queue::Layout& layout, const Clock& clock,
                                                              Alert alert, const Settings& settings = {});
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;
  ~Log();

  /// What was live when the log was opened, oldest first; once. A message of these that has `info` belongs to
  /// the layout: say moved().
  std::vector<Replay> take_replay();

  /// The number of the message, which is accepted if the next commit() is durable.
  std::variant<Number, Refusal> append(const Message& message);
  /// What became of a recipient of a live message. These three cannot be refused: they wait in memory if need
  /// be, and has_unwritten() says so. Saying something of a message that is not live does nothing.
  void outcome(Number id, std::uint32_t index, char kind, std::string_view text);
  /// All its recipients are done (this stands for the last one's outcome); its number may be lent again.
  void ended(Number id);
  /// It is in the layout, durably, where its spare is its mess file.
  void moved(Number id);
  /// The mover has made its mess file of its spare: the number cannot be lent again.
  void placed(Number id);

  enum class Commit { durable, failed };
  /// On `durable` everything appended and said before is. On `failed` no message appended since the last
  /// commit is in the log; what was said of others is kept, and is written when that is possible again.
  Commit commit();
  /// Writes without a sync what was said: it survives the end of this process. False: it still waits.
  bool write();
  bool has_unwritten() const;
  /// Something was written, or waits to be, that no sync covers yet.
  bool unsynced() const;
  /// When commit() is due though no message waits for it.
  std::optional<Moment> sync_due() const { return sync_due_; }

  bool is_live(Number id) const { return live_.find(id) != nullptr; }
  std::size_t live_count() const { return live_.size(); }
  /// When segments run short: those that are to move into the layout for the oldest segment to be used
  /// again, at most `most`.
  std::vector<Number> in_the_way(std::size_t most);
  std::optional<Place> place_of(Number id) const;
  /// Reads it back, checked, with `buffer` for its bytes. None if it is not live, or cannot be read, of which
  /// an alert tells.
  std::optional<StoredMessage> read(Number id, std::string& buffer) const;

  /// It cannot be read and nobody is to try again: what is there of it is saved, and it ends. If that cannot
  /// be, it stays. Alerts tell.
  void give_up(Number id);

  // What the mover is to make; each is asked for once, until adopted or failed.

  /// The number of a segment to make, if one is wanted and the disk can spare it.
  std::optional<std::uint32_t> segment_wanted();
  void adopt_segment(std::uint32_t segment);
  void segment_failed(std::uint32_t segment) { segments_.not_made(segment); }
  /// How many spares are wanted, 0 if there are enough.
  std::size_t spares_wanted() { return spares_.wanted(); }
  /// `numbers` are durable in the folder of spares; fewer than wanted if making them failed.
  void adopt_spares(std::span<const Number> numbers) { spares_.add(numbers); }

 private:
  /// What was said of a message and is not durable yet.
  struct Said {
    RecordHeader header{};
    std::uint32_t segment = 0;  ///< that held the message, if this ends it; 0: none
    bool gives_back = false;    ///< its number may be lent again once this is on its way to the disk
    std::size_t text_at = 0;    ///< in said_text_
  };

  Log(const queue::Layout& layout, const Clock& clock, Alert alert, const Settings& settings, Fd lock);
  std::optional<std::string> recover();
  bool settle(Contents& contents, const Finding& finding);
  void collect_spares(const std::vector<Number>& found);
  void collect_replay(Contents& contents);
  bool is_overtaken(Number id) const;

  /// The disk has so much: its reserve so many `times`, and `bytes`.
  bool can_spare(std::uint64_t times, std::uint64_t bytes = 0);
  bool may_make_segment();
  bool make_room(std::size_t bytes, std::size_t keep_free);
  void say(Said said, std::string_view text);
  void end(Number id, Kind kind);
  void place_said();
  RecordHeader next_header(RecordHeader header);
  bool flush();
  bool sync();
  Moment after_trouble() const;
  void note_durable();
  void fail(const char* what);
  void refuse_uncommitted();
  bool repair();
  bool rewrite(std::uint32_t segment, std::string_view bytes, std::vector<LiveEntry>& moved);
  void finish_repair(std::uint32_t segment, const std::vector<LiveEntry>& moved);

  const queue::Layout& layout_;
  const Clock& clock_;
  Alert alert_;
  Settings settings_;
  Fd lock_;

  Segments segments_;
  LiveTable live_;
  Batch batch_;  ///< what is on its way to the active segment
  std::uint64_t sequence_ = 0;
  std::uint64_t durable_ = 0;
  std::vector<Said> said_;
  std::size_t said_placed_ = 0;  ///< so many of them are in the batch or behind it
  std::string said_text_;
  std::vector<Number> uncommitted_;  ///< messages that nobody may be told of yet
  bool failed_ = false;
  std::optional<Moment> sync_due_;

  Spares spares_;
  std::vector<std::string_view> payload_;  ///< of the message being appended; kept for its memory
  std::int64_t room_looked_up_ = 0;
  std::uint64_t room_ = 0;     ///< on the disk, in bytes, as of then
  std::uint64_t reserve_ = 0;  ///< of that disk
  std::vector<Replay> replay_;
};

}  // namespace qmail::queue_log
