#include <braid/core/error.hpp>
#include <braid/scrape/journal.hpp>
#include <charconv>
#include <fstream>
#include <vector>

namespace braid::scrape {

// The file:   braid-journal 1 results.jsonl
//             + 5f0c...        a job that is done
//             + 91aa...
//             = 20480          and the sink's position once their records were in it: the commit
//             ...

journal::journal(const std::filesystem::path& path, std::string_view subject) : file_(path, output_file::mode::append) {
  const auto first_line = "braid-journal 1 " + std::string(subject);
  if (file_.size() == 0) {
    file_.write(first_line + '\n');
  } else {
    load(path, first_line);
  }
}

void journal::load(const std::filesystem::path& path, const std::string& first_line) {
  std::ifstream in(path, std::ios::binary);
  std::string line;
  std::uint64_t read = 0;
  std::uint64_t committed = 0;
  std::vector<std::string> pending;
  for (bool first = true; std::getline(in, line) && !in.eof(); first = false) {
    read += line.size() + 1;
    if (first) {
      if (!line.starts_with("braid-journal ")) throw io_error("read " + file_.name() + ": it is not a state file");
      if (line != first_line) {
        throw io_error("read " + file_.name() + ": it belongs to another run (expected '" + first_line + "', found '" +
                       line + "')");
      }
      committed = read;
    } else if (line.starts_with("+ ")) {
      pending.push_back(line.substr(2));
    } else if (line.starts_with("= ")) {
      const auto end = line.data() + line.size();
      const auto [stop, error] = std::from_chars(line.data() + 2, end, position_);
      if (error != std::errc() || stop != end) throw io_error("read " + file_.name() + ": damaged line '" + line + "'");
      done_.insert(pending.begin(), pending.end());
      pending.clear();
      has_commit_ = true;
      committed = read;
    } else {
      throw io_error("read " + file_.name() + ": damaged line '" + line + "'");
    }
  }
  if (committed == 0) {
    // Killed while the first line was written.
    file_.cut(0);
    file_.write(first_line + '\n');
    return;
  }
  file_.cut(committed);
}

void journal::commit(std::span<const std::string> ids, std::uint64_t position) {
  std::string text;
  for (const auto& id : ids) text += "+ " + id + '\n';
  text += "= " + std::to_string(position) + '\n';
  file_.write(text);
  done_.insert(ids.begin(), ids.end());
  position_ = position;
  has_commit_ = true;
}

}  // namespace braid::scrape
