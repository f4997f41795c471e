#include "ucspi/lib/tls/material.h"

#include <gtest/gtest.h>

#include "tests/support/temp_home.h"

namespace qmail::ucspi {
namespace {

using namespace std::string_literals;

TEST(Material, IsTheSameBehindTheSocket) {
  const Material material{
      {"servercert.pem", "a\0b\n"s}, {"servercerts/x.pem", ""}, {"tlsserverciphers", "ALL"}};
  EXPECT_EQ(parse_material(encode_material(material)), material);
  EXPECT_EQ(parse_material(encode_material({})), Material());
}

TEST(Material, ThatIsDamagedIsNone) {
  for (const char* bytes : {"", "1", "0:", "3:1:a,", "4:1:a,,", "9:1:a,1:b,x,", "0:,x", "8:1:a,1:b,"})
    EXPECT_FALSE(parse_material(bytes)) << bytes;
}

TEST(Material, IsReadFromTheFilesOfItsRole) {
  const test::TempHome home;
  home.write("control/servercert.pem", "c");
  home.write("control/servercerts/b.pem", "b");
  home.write("control/servercerts/b.key", "k");
  home.write("control/servercerts/README", "r");
  home.write("control/clientcert.pem", "x");
  home.write("control/me", "mx.example");
  const auto read = read_material(home.open().sub("control"), server_files);
  ASSERT_TRUE(std::holds_alternative<Material>(read));
  EXPECT_EQ(std::get<Material>(read),
            (Material{{"servercert.pem", "c"}, {"servercerts/b.key", "k"}, {"servercerts/b.pem", "b"}}));
}

TEST(Material, ThatCannotBeReadSaysWhy) {
  const test::TempHome home;
  std::filesystem::create_directories(home.path() / "control/servercert.pem");
  const auto read = read_material(home.open().sub("control"), server_files);
  ASSERT_TRUE(std::holds_alternative<std::string>(read));
  EXPECT_NE(std::get<std::string>(read).find("servercert.pem: "), std::string::npos);
}

TEST(Material, HasAnotherStampWhenAnyFileChanges) {
  const test::TempHome home;
  home.write("control/servercert.pem", "c");
  const Directory control = home.open().sub("control");
  const auto stamp = [&] { return stamp_material(control, server_files); };
  const auto first = stamp();
  EXPECT_EQ(stamp(), first);
  home.write("control/servercerts/b.pem", "b");
  const auto second = stamp();
  EXPECT_NE(second, first);
  home.write("control/servercert.pem", "longer");
  EXPECT_NE(stamp(), second);
  std::filesystem::remove_all(home.path() / "control/servercerts");
  EXPECT_NE(stamp(), first);
}

TEST(Material, TellsOfKeysThatEverybodyCanRead) {
  const test::TempHome home;
  home.write("control/servercert.pem", "-----BEGIN EC PRIVATE KEY-----");
  home.write("control/clientca.pem", "-----BEGIN CERTIFICATE-----");
  const Directory control = home.open().sub("control");
  const Material material = std::get<Material>(read_material(control, server_files));
  const auto path = home.path() / "control/servercert.pem";
  std::filesystem::permissions(path, std::filesystem::perms(0640));
  EXPECT_TRUE(find_exposed_keys(control, material).empty());
  std::filesystem::permissions(path, std::filesystem::perms(0644));
  EXPECT_EQ(find_exposed_keys(control, material), std::vector<std::string>{path.string()});
}

}  // namespace
}  // namespace qmail::ucspi
