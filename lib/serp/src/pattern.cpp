#include "pattern.hpp"

#include <boost/regex.hpp>

#include <braid/core/error.hpp>

namespace braid::serp {

struct pattern::compiled {
  std::string text;
  boost::regex regex;
};

pattern::pattern(const std::string& text) {
  try {
    compiled_ =
        std::make_shared<const compiled>(compiled{text, boost::regex(text, boost::regex::perl | boost::regex::icase)});
  } catch (const boost::regex_error& e) {
    throw invalid_argument("bad regular expression \"" + text + "\": " + e.what());
  }
}

const std::string& pattern::text() const {
  static const std::string none;
  return compiled_ ? compiled_->text : none;
}

bool pattern::found_in(std::string_view text) const {
  try {
    return compiled_ && boost::regex_search(text.begin(), text.end(), compiled_->regex);
  } catch (const std::runtime_error&) {
    return false;
  }
}

std::optional<std::string> pattern::extract(std::string_view text) const {
  if (!compiled_) return std::nullopt;
  try {
    boost::match_results<std::string_view::const_iterator> match;
    if (!boost::regex_search(text.begin(), text.end(), match, compiled_->regex)) return std::nullopt;
    return match.size() > 1 ? match[1].str() : match[0].str();
  } catch (const std::runtime_error&) {
    return std::nullopt;
  }
}

std::string pattern::replace(std::string_view text, const std::string& with) const {
  if (!compiled_) return std::string(text);
  try {
    return boost::regex_replace(std::string(text), compiled_->regex, with);
  } catch (const std::runtime_error&) {
    return std::string(text);
  }
}

}  // namespace braid::serp
