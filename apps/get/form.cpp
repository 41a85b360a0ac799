// The arguments of -F: NAME=TEXT, NAME=@FILE, NAME=<FILE, each with ;type= ;filename= ;headers= ;encoder=
#include <filesystem>
#include <utility>

#include <braid/core/error.hpp>

#include "body_text.hpp"
#include "encoder.hpp"
#include "get_error.hpp"
#include "head_lines.hpp"
#include "upload.hpp"

namespace braid::get {

namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// Up to one of `ends`, unquoted; taken off `rest`.
std::string take_word(std::string_view& rest, std::string_view ends) {
  rest = trimmed(rest);
  std::string out;
  if (rest.starts_with('"')) {
    std::size_t i = 1;
    for (; i < rest.size() && rest[i] != '"'; ++i) {
      if (rest[i] == '\\' && i + 1 < rest.size() && (rest[i + 1] == '"' || rest[i + 1] == '\\')) ++i;
      out += rest[i];
    }
    rest.remove_prefix(std::min(i + 1, rest.size()));
    rest.remove_prefix(std::min(rest.find_first_of(ends), rest.size()));
    return out;
  }
  const std::size_t size = std::min(rest.find_first_of(ends), rest.size());
  out = trimmed(rest.substr(0, size));
  rest.remove_prefix(size);
  return out;
}

bool take_key(std::string_view& rest, std::string_view key) {
  if (rest.size() < key.size() || !http::equal_ignoring_case(rest.substr(0, key.size()), key)) return false;
  rest.remove_prefix(key.size());
  return true;
}

struct attributes {
  std::string type;
  std::optional<std::string> file_name;
  std::vector<std::string> headers;
  std::string encoder;
};

/// ";type=text/plain; charset=x;filename=f"
attributes take_attributes(std::string_view& rest) {
  attributes out;
  while (rest.starts_with(';')) {
    rest.remove_prefix(1);
    rest = trimmed(rest);
    if (take_key(rest, "type=")) {
      out.type = take_word(rest, ";,");
      // "; charset=utf-8" belongs to the type.
      while (rest.starts_with(';')) {
        std::string_view next = trimmed(rest.substr(1));
        std::string_view probe = next;
        const bool known = take_key(probe, "filename=") || take_key(probe, "headers=") || take_key(probe, "encoder=") ||
                           take_key(probe, "type=");
        if (known || next.empty()) break;
        const std::size_t size = std::min(rest.find_first_of(";,", 1), rest.size());
        out.type += rest.substr(0, size);
        out.type.erase(out.type.find_last_not_of(" \t") + 1);
        rest.remove_prefix(size);
      }
    } else if (take_key(rest, "filename=")) {
      out.file_name = take_word(rest, ";,");
    } else if (take_key(rest, "headers=")) {
      if (rest.starts_with('@') || rest.starts_with('<')) {
        rest.remove_prefix(1);
        const std::string text = file_content(take_word(rest, ";,"));
        for (std::size_t at = 0; at < text.size();) {
          const std::size_t end = std::min(text.find('\n', at), text.size());
          std::string line(trimmed(std::string_view(text).substr(at, end - at)));
          while (line.ends_with('\r')) line.pop_back();
          if (!line.empty() && line[0] != '#') out.headers.push_back(line);
          at = end + 1;
        }
      } else {
        out.headers.push_back(take_word(rest, ";,"));
      }
    } else if (take_key(rest, "encoder=")) {
      out.encoder = take_word(rest, ";,");
    } else {
      take_word(rest, ";,");
    }
  }
  return out;
}

using form_part = http::multipart_form::part;

/// The content of a part whose text or file is known; an encoded one is held in memory.
void encode(form_part& part, const std::string& encoder) {
  if (encoder.empty()) return;
  if (!part.path.empty()) part.text = file_content(std::exchange(part.path, {}));
  part.text = encoded_content(part.text, encoder);
  part.headers.insert(part.headers.begin(), "Content-Transfer-Encoding: " + encoder);
}

/// One of the files of an argument; taken off `rest`.
form_part take_file(std::string_view& rest) {
  const std::string path = take_word(rest, ";,");
  attributes said = take_attributes(rest);
  form_part part;
  part.headers = std::move(said.headers);
  part.file_name = said.file_name;
  part.type = said.type;
  if (path == "-") {
    part.text = file_content(path);
    if (!part.file_name) part.file_name = "-";
  } else {
    part.path = path;
    if (!part.file_name) part.file_name = std::filesystem::path(path).filename().string();
  }
  if (part.type.empty()) part.type = http::media_type_of(part.path.empty() ? *part.file_name : part.path);
  encode(part, said.encoder);
  return part;
}

void add_files(http::multipart_form& to, const std::string& name, std::string_view rest) {
  std::vector<form_part> files;
  files.push_back(take_file(rest));
  while (rest.starts_with(',')) {
    rest.remove_prefix(1);
    files.push_back(take_file(rest));
  }
  form_part part;
  if (files.size() == 1) {
    part = std::move(files.front());
  } else {
    part.files = std::move(files);
  }
  part.name = name;
  try {
    to.add(std::move(part));
  } catch (const io_error&) {
    throw get_error(read_failed, "Failed to open/read local data from file/application");
  }
}

void add_text(http::multipart_form& to, const std::string& name, std::string_view rest) {
  form_part part;
  part.name = name;
  const bool from_file = rest.starts_with('<');
  if (from_file) rest.remove_prefix(1);
  part.text = take_word(rest, ";");
  attributes said = take_attributes(rest);
  if (from_file) part.text = file_content(part.text);
  part.type = said.type;
  part.file_name = said.file_name;
  if (part.type.empty() && part.file_name) {
    const std::string_view known = http::media_type_of(*part.file_name);
    if (known != "application/octet-stream") part.type = known;
  }
  part.headers = std::move(said.headers);
  encode(part, said.encoder);
  to.add(std::move(part));
}

}  // namespace

std::unique_ptr<http::multipart_form> form_of(const url_options& options) {
  auto out = std::make_unique<http::multipart_form>();
  out->escape_with_backslash(options.form_escape);
  const auto type = custom_value(options, "Content-Type");
  if (type && !type->empty() && !http::equal_ignoring_case(type->substr(0, type->find(';')), "multipart/form-data")) {
    out->disposition("attachment");
  }
  for (const form_argument& one : options.form) {
    const std::size_t mark = one.text.find('=');
    if (mark == one.text.npos) throw get_error(usage, "Illegally formatted input field");
    const std::string name = one.text.substr(0, mark);
    const std::string_view value = std::string_view(one.text).substr(mark + 1);
    if (one.literal) {
      out->field(name, value);
    } else if (value.starts_with('@')) {
      add_files(*out, name, value.substr(1));
    } else {
      add_text(*out, name, value);
    }
  }
  return out;
}

}  // namespace braid::get
