// Everything that qmail-install tells people, in English and Japanese. JSON output is not translated.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/base/environment.h"
#include "installer/transaction/step.h"

namespace qmail::dialogue {

enum class Language { english, japanese };

/// From LC_ALL, LC_MESSAGES or LANG, the first that is set.
Language find_language(const Environment& environment);

enum class Text {
  // what a step does
  make_directory,
  put_file,
  make_symlink,
  make_fifo,
  set_mode,
  remove,
  add_group,
  add_user,
  remove_group,
  remove_user,
  service,
  undo,
  // how it goes
  plan_title_install,
  plan_title_remove,
  nothing_to_do,
  nothing_changed,
  add_yes,
  ask_proceed,
  ask_host_name,
  ask_domains,
  not_a_host_name,
  installed,
  removed,
  rolled_back,
  undo_with,
  undo_from_build,
  start_with,
  services_run,
  failed_step,
  interrupted,
  pending,
  pending_roll_back,
  roll_back_later_first,
  already_rolled_back,
  locked,
  no_transactions,
  state_committed,
  state_interrupted,
  state_rolling_back,
  state_rolled_back,
  // what stands in the way, or is worth knowing
  error_label,
  warning_label,
  note_label,
  not_root,
  low_space,
  network_queue,
  volatile_queue,
  short_host_name,
  port_taken,
  clock_not_kept,
  local_host_name,
  address_elsewhere,
  address_unknown,
  no_address,
  reverse_unknown,
  no_reverse,
  many_reverses,
  other_reverse,
  generic_reverse,
  is_block_listed,
  block_list_unknown,
  exchanger_unknown,
  exchanger_elsewhere,
  no_spf,
  many_spf,
  no_exit,
  nothing_in_the_way,
  account_with_other_group,
  wrong_type,
  not_placed,
  queue_not_empty,
  still_sending,
  queue_not_settled,
  kept_changed,
  kept_foreign,
  kept_queue,
  mail_command_taken,
  rules_without_cdb,
  // what qmail-check finds
  check_nothing,
  check_differs,
  check_no_me,
  check_short_me,
  check_no_rcpthosts,
  check_no_number,
  check_for_nobody,
  check_in_both,
  check_not_taken,
  check_old_database,
  check_open_key,
  check_no_route,
  check_no_alias,
  check_complaint,
  // what is wrong with the answers
  answers_not_json,
  answers_unknown_key,
  answers_not_text,
  answers_not_list,
  answers_not_truth,
  answers_bad_host_name,
  answers_bad_domain,
  answers_bad_role,
  answers_bad_postmaster,
};

/// A text with what belongs into its places {0}, {1}, ...
struct Message {
  Text text;
  std::vector<std::string> values = {};
};

std::string say(const Message& message, Language language);
std::string say(const transaction::Step& step, Language language);

}  // namespace qmail::dialogue
