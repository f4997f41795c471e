#include "core/format/scram.h"

#include <gtest/gtest.h>

#include "core/base/text.h"
#include "core/format/base64.h"

namespace qmail::scram {
namespace {

/// RFC 7677 section 3.
constexpr std::string_view client_nonce = "rOprNGfwEbeRWgbNEkqO";
constexpr std::string_view client_first = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO";
constexpr std::string_view server_first =
    "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
constexpr std::string_view client_final =
    "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
    "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
constexpr std::string_view server_last = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";
constexpr std::string_view proof_text = "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";

TEST(Scram, IsTheClientOfTheStandard) {
  const ClientFirst first = make_client_first("user", client_nonce);
  EXPECT_EQ(first.gs2_header + first.bare, client_first);
  const auto wanted = parse_server_first(server_first);
  ASSERT_TRUE(wanted);
  const std::string without_proof = final_without_proof(first.gs2_header, wanted->nonce);
  const std::string text = signed_text(first.bare, server_first, without_proof);
  const std::string salted = salted_password("pencil", wanted->salt, wanted->iterations);
  EXPECT_EQ(with_proof(without_proof, client_proof(salted, text)), client_final);
  EXPECT_EQ(parse_server_final(server_last), server_signature(keys_of(salted).server, text));
}

TEST(Scram, IsTheServerOfTheStandard) {
  const auto first = parse_client_first(client_first);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->user, "user");
  EXPECT_EQ(first->nonce, client_nonce);
  EXPECT_EQ(first->acting_as, "");
  const auto asked = parse_server_first(server_first);
  ASSERT_TRUE(asked);
  EXPECT_EQ(encode_server_first(*asked), server_first);
  const Keys keys = keys_of(salted_password("pencil", asked->salt, asked->iterations));
  const auto final = parse_client_final(client_final);
  ASSERT_TRUE(final);
  EXPECT_EQ(final->gs2_header, first->gs2_header);
  EXPECT_EQ(final->nonce, asked->nonce);
  const std::string text = signed_text(first->bare, server_first, final->without_proof);
  EXPECT_EQ(stored_key_of_prover(final->proof, keys.stored, text), keys.stored);
  EXPECT_EQ(server_final(server_signature(keys.server, text)), server_last);
}

TEST(Scram, TellsAnotherPassword) {
  const std::string salted = salted_password("pencil", "salt", 1),
                    other = salted_password("Pencil", "salt", 1);
  const std::string stored = keys_of(salted).stored;
  EXPECT_EQ(stored_key_of_prover(client_proof(salted, "text"), stored, "text"), stored);
  EXPECT_NE(stored_key_of_prover(client_proof(other, "text"), stored, "text"), stored);
  EXPECT_NE(stored_key_of_prover(client_proof(salted, "text"), stored, "other text"), stored);
  EXPECT_EQ(stored_key_of_prover("short", stored, "text"), "");
}

/// Made with Python's hashlib.pbkdf2_hmac.
TEST(Scram, SaltsAsPbkdf2) {
  EXPECT_EQ(hexadecimal(salted_password("password", "salt", 1)),
            "120fb6cffcf8b32c43e7225256c4f837a86548c92ccc35480805987cb70be17b");
  EXPECT_EQ(hexadecimal(salted_password("password", "salt", 4096)),
            "c5e478d59288c841aa530db6845c4c8d962893a001ce4e11a4963873aa98134a");
}

TEST(Scram, CarriesAnyName) {
  const ClientFirst first = make_client_first("a=b,c", "nonce");
  EXPECT_EQ(first.bare, "n=a=3Db=2Cc,r=nonce");
  const auto parsed = parse_client_first(first.gs2_header + first.bare);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->user, "a=b,c");
}

TEST(Scram, SaysWhomAClientWantsToActAs) {
  const auto first = parse_client_first("y,a=joe=2Cthe second,n=user,r=x,ext=1");
  ASSERT_TRUE(first);
  EXPECT_EQ(first->acting_as, "joe,the second");
  EXPECT_EQ(first->gs2_header, "y,a=joe=2Cthe second,");
  EXPECT_EQ(first->bare, "n=user,r=x,ext=1");
}

TEST(Scram, RefusesAClientsMessageThatIsNone) {
  for (const std::string_view message : {"",
                                         ",",
                                         "n",
                                         "n,",
                                         "n,,",
                                         "n,,n=user",
                                         "n,,n=user,",
                                         "n,,n=user,r=",
                                         "n,,n=,r=x",
                                         "n,,r=x,n=user",
                                         "n,,m=1,n=user,r=x",
                                         "p=tls-unique,,n=user,r=x",
                                         "x,,n=user,r=x",
                                         "n,b=joe,n=user,r=x",
                                         "n,a=,n=user,r=x",
                                         "n,,n=us=er,r=x",
                                         "n,,n=user=2,r=x",
                                         "n,,n=user=2c,r=x",
                                         "n,,n=user,r=a b",
                                         "n,,n=user,r=\x7f",
                                         "N,,n=user,r=x",
                                         "n,,N=user,r=x",
                                         "biws"})
    EXPECT_FALSE(parse_client_first(message)) << message;
  EXPECT_FALSE(parse_client_first(std::string_view("n,,n=us\0er,r=x", 14)));
}

TEST(Scram, RefusesAServersMessageThatIsNone) {
  for (const std::string_view message :
       {"", "r=", "r=x", "r=x,s=c2FsdA==", "r=x,s=c2FsdA==,i=", "r=x,s=c2FsdA==,i=x",
        "r=x,s=c2FsdA==,i=-4096", "r=x,s=c2FsdA==,i=4096x", "r=x,s=c2FsdA,i=4096", "r=x,s=,i=4096",
        "s=c2FsdA==,r=x,i=4096", "m=1,r=x,s=c2FsdA==,i=4096", "r=x,s=c2FsdA==,i=0", "r=x,s=c2FsdA==,i=4095",
        "r=x,s=c2FsdA==,i=1000001", "r=x,s=c2FsdA==,i=99999999999999999999", "e=other-error"})
    EXPECT_FALSE(parse_server_first(message)) << message;
  EXPECT_TRUE(parse_server_first("r=x,s=c2FsdA==,i=4096,ext=more"));
}

TEST(Scram, RefusesALastMessageThatIsNone) {
  const std::string proof(proof_text);
  const std::vector<std::string> messages{"",
                                          "c=biws,r=x",
                                          "c=biws,r=x,p=",
                                          "c=biws,r=x,p=" + proof.substr(4),
                                          "c=biws,r=x,p=" + proof + ",z=1",
                                          "r=x,c=biws,p=" + proof,
                                          "c=biw,r=x,p=" + proof,
                                          "c=biws,p=" + proof,
                                          "p=" + proof,
                                          ",p=" + proof};
  for (const std::string& message : messages) EXPECT_FALSE(parse_client_final(message)) << message;
  const auto with_extension = parse_client_final("c=biws,r=x,z=1,p=" + proof);
  ASSERT_TRUE(with_extension);
  EXPECT_EQ(with_extension->without_proof, "c=biws,r=x,z=1");
  for (const std::string_view message : {"", "v=", "v=Zm9v", "e=invalid-proof", "v=*"})
    EXPECT_FALSE(parse_server_final(message)) << message;
}

/// The proof's last digit may be a "p", and "p=" then stands at its end, too.
TEST(Scram, IsNotMisledByAProofThatLooksLikeAnAttribute) {
  std::string proof;
  for (int last = 0; last < 256; ++last) {
    proof = std::string(31, '\xa5') + static_cast<char>(last);
    const auto parsed = parse_client_final(with_proof("c=biws,r=x", proof));
    ASSERT_TRUE(parsed) << last;
    EXPECT_EQ(parsed->proof, proof);
  }
}

}  // namespace
}  // namespace qmail::scram
