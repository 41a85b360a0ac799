#include "arguments.hpp"

#include "get_error.hpp"
#include "option_table.hpp"
#include "warning.hpp"

namespace braid::get {

namespace {

/// The first bytes of typographic quotes and dashes in UTF-8, which word processors put where '"' and '-' were.
bool is_typographic(std::string_view text) {
  return text.size() > 2 && text.starts_with("\xe2\x80") && static_cast<unsigned char>(text[2]) >= 0x80;
}

void apply(command_line& to, const option& known, const std::string& value) {
  if (!known.value.empty() && is_typographic(value)) {
    warn(to.global, "The argument '" + value + "' starts with a Unicode character. Maybe ASCII was intended?");
  }
  const bool names_file = known.value.starts_with("FILE") || known.value == "PATH" || known.value == "FOLDER";
  if (names_file && value.size() > 1 && value.starts_with('-')) {
    warn(to.global, "The filename argument '" + value + "' looks like a flag.");
  }
  known.apply(to, value);
}

/// --next. From a file, options may stand before the first URL.
void begin_group(command_line& to) {
  if (!to.group().urls.empty()) to.groups.emplace_back();
}

/// What stands alone is meant as --url, without the meaning of '@'.
void add_argument(command_line& to, const std::string& word) {
  to.group().urls.push_back(word);
  const bool tags = !to.group().etag_save.empty() || !to.group().etag_compare.empty();
  if (tags && to.group().urls.size() > 1) {
    throw option_error(
        usage, "The etag options only work on a single URL\nbraid-get: option " + word + ": is badly used here");
  }
}

/// What read_arguments does with one word; true when the one behind it was used.
bool read_word(command_line& to, const std::string& word, const std::string* next) {
  if (word[1] != '-') return apply_letters(to, word, next);
  const std::size_t mark = word.find('=');
  const std::string name = word.substr(2, mark == word.npos ? mark : mark - 2);
  const option* const known = find_option(name);
  if (mark == word.npos || !known || known->value.empty()) return apply_named(to, word.substr(2), next, word);
  const std::string value = word.substr(mark + 1);
  apply_named(to, name, &value, word);
  return false;
}

}  // namespace

bool apply_letters(command_line& to, const std::string& word, const std::string* next) {
  for (std::size_t i = 1; i < word.size(); ++i) {
    if (word[i] == ':') {
      begin_group(to);
      continue;
    }
    const option* const known = find_option(word[i]);
    if (!known) throw get_error(usage, "option " + word + ": is unknown");
    if (known->value.empty()) {
      apply(to, *known, "1");
      continue;
    }
    const bool attached = i + 1 < word.size();
    if (!attached && !next) throw get_error(usage, "option " + word + ": requires parameter");
    apply(to, *known, attached ? word.substr(i + 1) : *next);
    return !attached;
  }
  return false;
}

bool apply_named(command_line& to, std::string_view name, const std::string* value, const std::string& what) {
  if (name == "next") {
    begin_group(to);
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
  apply(to, *known, *value);
  return true;
}

void read_arguments(command_line& to, const std::vector<std::string>& arguments) {
  bool options = true;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    const std::string* const next = i + 1 < arguments.size() ? &arguments[i + 1] : nullptr;
    if (!options || word.size() < 2 || word[0] != '-') {
      add_argument(to, word);
    } else if (word == "--") {
      options = false;
    } else {
      if (word == "--next" && to.group().urls.empty()) {
        throw get_error(usage, "missing URL before --next\nbraid-get: option --next: is badly used here");
      }
      try {
        i += read_word(to, word, next) ? 1 : 0;
      } catch (const option_error&) {
        throw;
      } catch (const bad_value& e) {
        throw option_error(usage, "option " + word + ": " + e.what());
      } catch (const bad_use& e) {
        throw option_error(usage, std::string(e.what()) + "\nbraid-get: option " + word + ": is badly used here");
      } catch (const get_error& e) {
        if (e.code() != read_failed) throw;
        throw option_error(read_failed, std::string(e.what()) + "\nbraid-get: option " + word +
                                            ": error encountered when reading a file");
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
