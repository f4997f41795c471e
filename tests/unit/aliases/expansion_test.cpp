#include "core/programs/fastforward/expansion.h"

#include <gtest/gtest.h>
#include <map>

#include "core/base/failure.h"
#include "core/programs/setforward/forward_table.h"

namespace qmail {
namespace {

using Texts = std::vector<std::string>;
using namespace std::string_literals;

std::string database(std::string_view table) {
  CdbBuilder builder;
  ForwardTable reader(
      [&](std::string_view key, std::string_view data) { ASSERT_TRUE(builder.add(key, data)); });
  reader.put(table);
  reader.end();
  return builder.finish();
}

class World {
 public:
  explicit World(std::string_view table) : bytes_(database(table)) {}
  std::map<std::string, std::string> lists;

  std::optional<Forwarding> expand(const std::string& recipient, bool may_have_owner = true) {
    const CdbView view(bytes_);
    const std::function<std::string(const std::string&)> read = [this](const std::string& name) {
      if (!lists.contains(name)) throw Failure(Exit::temporary, "no list " + name);
      return lists[name];
    };
    return Expansion(view, read).expand(recipient, may_have_owner);
  }

 private:
  std::string bytes_;
};

TEST(Expansion, LooksForTheAddressThenItsHostThenItsUser) {
  World world("ann@x: one@r; @x: two@r; ann@: three@r;");
  EXPECT_EQ(world.expand("Ann@X")->recipients, Texts{"one@r"});
  EXPECT_EQ(world.expand("bob@x")->recipients, Texts{"two@r"});
  EXPECT_EQ(world.expand("ann@y")->recipients, Texts{"three@r"});
  EXPECT_FALSE(world.expand("bob@y"));
  EXPECT_FALSE(world.expand("ann"));
}

TEST(Expansion, FollowsWithoutWildcards) {
  World world("ann@: bob@x; bob@: far@r; @x: far@r;");
  EXPECT_EQ(world.expand("ann@y")->recipients, Texts{"bob@x"});
}

TEST(Expansion, EndsInLoops) {
  World world("a@x: b@x, a@x; b@x: a@x, /l; c@x: c@x;");
  world.lists["/l"] = "/l\0&b@x\0&end@r\0"s;
  EXPECT_EQ(world.expand("a@x")->recipients, Texts{"end@r"});
  EXPECT_EQ(world.expand("c@x")->recipients, Texts{});
}

TEST(Expansion, TakesEachRecipientOnce) {
  World world("all@: p@x, t@x; p@x: joe@x, bob@x; t@x: joe@x, fred@x;");
  EXPECT_EQ(world.expand("all@y")->recipients, (Texts{"bob@x", "joe@x", "fred@x"}));
}

TEST(Expansion, RunsNoProgramOutOfAList) {
  World world("a@: /l, |mine;");
  world.lists["/l"] = "|theirs\0!theirs\0&b@r\0junk\0&cut"s;
  const auto found = world.expand("a@x");
  EXPECT_EQ(found->programs, Texts{"|mine"});
  EXPECT_EQ(found->recipients, Texts{"b@r"});
}

TEST(Expansion, StopsAtAListThatCannotBeRead) {
  World world("a@: /l, b@r;");
  EXPECT_THROW(world.expand("a@x"), Failure);
}

TEST(Expansion, SendsAsTheOwner) {
  World world("list@: ann@r, ?own@r; up@: list@x, list@;");
  EXPECT_EQ(world.expand("list@x")->owner, "own@r");
  EXPECT_EQ(world.expand("list@x", false)->owner, std::nullopt);
  // One that is not followed keeps its own.
  World inner("up@: list@x; list@x: ann@r, ?own@r;");
  EXPECT_EQ(inner.expand("up@x")->recipients, Texts{"list@x"});
  EXPECT_EQ(inner.expand("up@x")->owner, std::nullopt);
}

TEST(Expansion, HasALimit) {
  World world("a@: /0;");
  std::string list;
  while (list.size() < Expansion::most_bytes / 4) list += "&" + std::string(800, 'x') + "\0"s;
  for (int n = 0; n < 10; ++n)
    world.lists["/" + std::to_string(n)] = list + "/" + std::to_string(n + 1) + "\0"s;
  EXPECT_THROW(world.expand("a@x"), Failure);
}

TEST(Expansion, FollowsALongChain) {
  std::string table;
  for (int n = 0; n < 20000; ++n) table += "u" + std::to_string(n) + "@x: u" + std::to_string(n + 1) + "@x;";
  EXPECT_EQ(World(table).expand("u0@x")->recipients, Texts{"u20000@x"});
}

}  // namespace
}  // namespace qmail
