#include "core/programs/checkvida/virtual_accounts.h"

#include <cerrno>

#include "core/accounts/challenge.h"
#include "core/accounts/crypt.h"
#include "core/accounts/system_account.h"
#include "core/accounts/vida.h"
#include "core/base/fd.h"
#include "core/base/io.h"
#include "core/base/map.h"
#include "core/base/spawn.h"
#include "core/format/cdb.h"

namespace qmail {
namespace {

namespace vida = accounts::vida;

constexpr std::uint64_t usual_block_uid = 10;

/// A domain owner, and the name by which he knows the login.
struct Charge {
  accounts::Account owner;
  std::string name;
};

std::optional<Charge> find_charge(const accounts::ClaimParts& claim, const Environment& environment,
                                  const Control& control) {
  for (const vida::Place& place : vida::places_of(claim.login, vida::Reading::of(environment), control)) {
    auto owner = accounts::find_system_account(place.owner);
    if (!owner) continue;
    // The system's own users have no virtual ones, whoever writes what into their homes.
    if (owner->uid == 0 || owner->uid <= control.number("blockuid", usual_block_uid)) return std::nullopt;
    return Charge{std::move(*owner), place.name};
  }
  return std::nullopt;
}

void become_owner(const accounts::Account& owner) {
  if (become({.uid = owner.uid, .gid = owner.gid}) < 0) throw Failure::system("become " + owner.name);
}

std::optional<vida::Record> find_record(const Charge& charge) {
  const std::string path = charge.owner.home + "/" + vida::file;
  const auto file = find_regular_file(path);
  if (!file) return std::nullopt;
  const auto map = MappedFile::map(*file);
  if (!map) throw Failure::system("read " + path);
  const CdbView view(map->bytes());
  const Failure damaged(Exit::temporary, "unable to use " + path + ": it is damaged");
  if (!view.is_whole()) throw damaged;
  const auto data = view.find(charge.name);
  if (!data) return std::nullopt;
  auto record = vida::parse_record(*data);
  if (!record) throw damaged;
  return record;
}

bool allows_plain(const Environment& environment) { return environment.get("ALLOWPLAIN", "1") != "0"; }

/// A locked account is locked for every proof.
bool is_open(const std::optional<vida::Record>& record) {
  return record && accounts::can_match(record->hash);
}

bool is_proven(const accounts::ClaimParts& claim, const std::optional<vida::Record>& record,
               Environment& environment) {
  if (is_open(record) && record->secret &&
      accounts::is_response(claim.password, claim.timestamp, *record->secret))
    return true;
  const auto answer =
      is_open(record) && record->scram ? accounts::answer_to_proof(claim, *record->scram) : std::nullopt;
  if (answer) {
    environment.set(accounts::scram_answer_variable, *answer);
    return true;
  }
  const auto hash = record ? std::optional<std::string_view>(record->hash) : std::nullopt;
  return accounts::is_password(claim.password, hash) && allows_plain(environment);
}

std::optional<accounts::Salting> find_salting(const accounts::ClaimParts& claim,
                                              const Environment& environment, const Control& control) {
  const auto charge = find_charge(claim, environment, control);
  if (!charge) return std::nullopt;
  become_owner(charge->owner);
  const auto record = find_record(*charge);
  if (!is_open(record) || !record->scram) return std::nullopt;
  return record->scram->salting;
}

}  // namespace

int tell_salting(Process& self, const Control& control) {
  accounts::Claim claim;
  const auto parts = accounts::receive_claim(claim);
  const auto salting = parts ? find_salting(*parts, self.environment, control) : std::nullopt;
  if (!salting) return accounts::refused;
  Writer(self.out).put(accounts::text_of(*salting)).flush_or_throw("the salt");
  return 0;
}

std::optional<accounts::Account> find_virtual_account(const accounts::ClaimParts& claim,
                                                      Environment& environment, const Control& control) {
  auto charge = find_charge(claim, environment, control);
  std::optional<vida::Record> record;
  if (charge) {
    // What is in a home is read as its owner: it can lead anywhere.
    become_owner(charge->owner);
    record = find_record(*charge);
  }
  if (!is_proven(claim, record, environment)) return std::nullopt;
  if (record->home != ".") charge->owner.home += "/" + record->home;
  return std::move(charge->owner);
}

}  // namespace qmail
