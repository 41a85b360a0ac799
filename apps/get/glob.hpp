#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace braid::get {

/// One of the texts that a pattern stands for, with what each {} or [] in it stood for.
struct glob_match {
  std::string text;
  std::vector<std::string> pieces;
  std::vector<std::string> names;  // of the pieces, as in "{<name>a,b}"; empty for those without
};

/// "a{b,c}[1-9]", "[a-z:2]", "[001-100:10]": all texts, the last part changing fastest; "\{" is a brace. IPv6 addresses
/// in brackets stay. At most 1,000,000. Throws: get_error (3), which says where.
std::vector<glob_match> expand_glob(std::string_view pattern);

/// "#1" and "#<name>" in a file's name, for the pieces of the URL's match. Throws: get_error (43) for a name that is
/// none.
std::string fill_in(std::string_view name, const glob_match& match);

}  // namespace braid::get
