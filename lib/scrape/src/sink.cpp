#include <braid/core/error.hpp>
#include <braid/scrape/sink.hpp>
#include <string_view>
#include <utility>

namespace braid::scrape {
namespace {

/// What all formats here share: a record is a line.
class file_sink : public sink {
 public:
  /// `start` is how the file begins if it is one of ours: anything else is somebody's work and stays untouched.
  file_sink(output_file file, const std::string& start, const std::string& format) : file_(std::move(file)) {
    if (!file_.is_regular() || file_.size() == 0) return;
    const auto head = file_.head(start.size());
    if (!start.starts_with(head))
      throw io_error("append to " + file_.name() + ": the file is there and is no " + format);
    const auto whole = file_.end_of_last_line();
    if (whole == file_.size()) return;
    repaired_ = file_.size() - whole;
    file_.cut(whole);
  }

  void sync() override {
    if (!dirty_) return;
    file_.sync();
    dirty_ = false;
  }

  std::uint64_t position() const override { return file_.size(); }
  bool can_resume() const override { return file_.is_regular(); }
  std::uint64_t repaired() const override { return repaired_; }

 protected:
  void put(std::string_view text) {
    file_.write(text);
    dirty_ = true;
  }

  output_file file_;
  std::uint64_t repaired_ = 0;

 private:
  bool dirty_ = false;
};

class lines_sink : public file_sink {
 public:
  lines_sink(output_file file, std::string header)
      : file_sink(std::move(file), header.empty() ? "{" : header + '\n',
                  header.empty() ? "JSONL" : "CSV with this header"),
        header_(std::move(header)) {}

  void write(std::span<const std::string> records) override {
    std::string text;
    if (file_.size() == 0 && !header_.empty()) text = header_ + '\n';
    for (const auto& record : records) {
      if (record.empty()) continue;
      text += record;
      if (text.back() != '\n') text += '\n';
    }
    if (!text.empty()) put(text);
  }

  void finish() override {
    if (file_.size() == 0 && !header_.empty()) put(header_ + '\n');
    sync();
  }

  void resume(std::uint64_t position) override { file_.cut(position); }

 private:
  std::string header_;
};

/// "[", then a line for each element, the comma in front: so the end of a line is the end of a record here too.
class json_array_sink : public file_sink {
 public:
  explicit json_array_sink(output_file file) : file_sink(std::move(file), "[\n", "JSON array with one record a line") {
    if (file_.size() == 0 || !file_.is_regular()) return;
    const auto end = file_.tail(4);
    if (end.ends_with("\n]\n")) {
      file_.cut(file_.size() - 2);
    } else if (!end.ends_with("}\n") && !end.ends_with("[\n")) {
      throw io_error("append to " + file_.name() + ": the file is there and is no JSON array with one record a line");
    }
  }

  void write(std::span<const std::string> records) override {
    std::string text;
    if (file_.size() == 0) text = "[\n";
    bool first = file_.size() <= 2;
    for (const auto& record : records) {
      if (!std::exchange(first, false)) text += ',';
      text += record;
      text += '\n';
    }
    put(text);
  }

  void finish() override {
    put(file_.size() == 0 ? "[\n]\n" : "]\n");
    sync();
  }

  void resume(std::uint64_t position) override { file_.cut(position); }
};

}  // namespace

std::unique_ptr<sink> open_lines(output_file file, std::string header) {
  return std::make_unique<lines_sink>(std::move(file), std::move(header));
}

std::unique_ptr<sink> open_json_array(output_file file) { return std::make_unique<json_array_sink>(std::move(file)); }

}  // namespace braid::scrape
