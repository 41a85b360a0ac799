#include "arguments.hpp"

#include "get_error.hpp"
#include "option_table.hpp"

namespace braid::get {

namespace {

/// "-sSo FILE", "-oFILE". Gives back how many of the arguments behind it were used.
std::size_t read_letters(command_line& to, const std::string& word, const std::string* next) {
  for (std::size_t i = 1; i < word.size(); ++i) {
    if (word[i] == ':') {
      to.groups.emplace_back();
      continue;
    }
    const option* const known = find_option(word[i]);
    const std::string name = "-" + word.substr(i, 1);
    if (!known) throw get_error(usage, "option " + word + ": is unknown");
    if (known->value.empty()) {
      known->apply(to, "1");
      continue;
    }
    const bool attached = i + 1 < word.size();
    if (!attached && !next) throw get_error(usage, "option " + word + ": requires parameter");
    known->apply(to, attached ? word.substr(i + 1) : *next);
    return attached ? 0 : 1;
  }
  return 0;
}

}  // namespace

bool apply_named(command_line& to, std::string_view name, const std::string* value, const std::string& what) {
  if (name == "next") {
    to.groups.emplace_back();
    return false;
  }
  const option* known = find_option(name);
  const bool negated = !known && name.starts_with("no-");
  if (negated) known = find_option(name.substr(3));
  if (!known) throw get_error(usage, "option " + what + ": is unknown");
  if (known->value.empty()) {
    known->apply(to, negated ? "" : "1");
    return false;
  }
  if (negated) {
    throw get_error(usage, "option " + what + ": used '--no-' for option that is not a boolean");
  }
  if (!value) throw get_error(usage, "option " + what + ": requires parameter");
  known->apply(to, *value);
  return true;
}

void read_arguments(command_line& to, const std::vector<std::string>& arguments) {
  bool options = true;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    const std::string* const next = i + 1 < arguments.size() ? &arguments[i + 1] : nullptr;
    if (!options || word.size() < 2 || word[0] != '-') {
      to.group().urls.push_back(word);
    } else if (word == "--") {
      options = false;
    } else if (word[1] != '-') {
      i += read_letters(to, word, next);
    } else {
      const std::size_t mark = word.find('=');
      const std::string name = word.substr(2, mark == word.npos ? mark : mark - 2);
      const option* const known = find_option(name);
      if (mark != word.npos && known && !known->value.empty()) {
        const std::string value = word.substr(mark + 1);
        apply_named(to, name, &value, word);
      } else {
        i += apply_named(to, word.substr(2), next, word) ? 1 : 0;
      }
    }
  }
}

bool wants_own_config(const std::vector<std::string>& arguments) {
  if (arguments.empty()) return true;
  const std::string& first = arguments.front();
  return first != "--disable" && !(first.size() > 1 && first[0] == '-' && first[1] == 'q');
}

}  // namespace braid::get
