// What ;encoder= makes of the parts of a form.
#include <catch2/catch.hpp>

#include "../../apps/get/encoder.hpp"
#include "../../apps/get/get_error.hpp"
#include "program.hpp"

using namespace get_test;
using braid::get::encoded_content;

TEST_CASE("base64 is cut into lines of 76") {
  CHECK(encoded_content("", "base64").empty());
  CHECK(encoded_content("hello", "Base64") == "aGVsbG8=");
  const std::string line = encoded_content(std::string(57, 'x'), "base64");
  CHECK(line.size() == 76);
  CHECK(encoded_content(std::string(60, 'x'), "base64") == line + "\r\neHh4");
}

TEST_CASE("quoted-printable escapes what is not text and cuts what is long") {
  const auto encoded = [](std::string_view text) { return encoded_content(text, "quoted-printable"); };
  CHECK(encoded("a=b c\r\nd") == "a=3Db c\r\nd");
  CHECK(encoded("blank \r\nand tab\t") == "blank=20\r\nand tab=09");
  CHECK(encoded("\xc3\xa4\n\r") == "=C3=A4=0A=0D");
  CHECK(encoded(std::string(76, 'x')) == std::string(76, 'x'));
  CHECK(encoded(std::string(77, 'x')) == std::string(75, 'x') + "=\r\nxx");
  CHECK(encoded(std::string(74, 'x') + "=y") == std::string(74, 'x') + "=\r\n=3Dy");
}

TEST_CASE("other encoders change nothing and refuse what they cannot say") {
  CHECK(encoded_content("\xc3\xa4", "8bit") == "\xc3\xa4");
  CHECK(encoded_content("\xc3\xa4", "binary") == "\xc3\xa4");
  CHECK(encoded_content("a", "7bit") == "a");
  CHECK_THROWS_AS(encoded_content("\xc3\xa4", "7bit"), braid::get::get_error);
  CHECK_THROWS_AS(encoded_content("a", "rot13"), braid::get::get_error);
}

TEST_CASE("parts of a form are encoded and say so before their own headers") {
  const server at;
  const scratch here;
  write(here.file("f.txt"), "a file");
  const std::string text = get("-F 'a=b=c;encoder=quoted-printable;headers=X: 1' " + at("/echo")).out;
  CHECK(has(text, "name=\"a\"\r\nContent-Transfer-Encoding: quoted-printable\r\nX: 1\r\n\r\nb=3Dc\r\n"));
  const std::string file = get("-F 'f=@" + here.file("f.txt") + ";encoder=base64' " + at("/echo")).out;
  CHECK(has(file, "Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\nYSBmaWxl\r\n"));
  CHECK(get("-s -F 'a=\xc3\xa4;encoder=7bit' " + at("/echo")).code == 26);
  CHECK(get("-s -F 'a=b;encoder=rot13' " + at("/echo")).code == 43);
}
