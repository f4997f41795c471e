// The plan that takes qmailkit off a machine. Pure: facts in, steps out.
#pragma once
#include "installer/facts/facts.h"
#include "installer/hier/manifest.h"
#include "installer/plan/planned.h"

namespace qmail::plan {

/// The plan's title: what a journal says it is about.
inline constexpr const char* remove_title = "uninstall";

/// Removes what the manifest lists and what the installer made and nobody changed; users and groups only if
/// it added them. Everything else stays and is named. Messages in the queue stand in the way unless
/// `keep_queue`.
Planned plan_remove(const facts::Facts& facts, const std::vector<hier::Entry>& manifest, bool keep_queue);

}  // namespace qmail::plan
