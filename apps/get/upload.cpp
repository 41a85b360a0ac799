#include "upload.hpp"

#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>

#include <braid/core/error.hpp>
#include <braid/runtime/sleep.hpp>

#include "get_error.hpp"
#include "numbers.hpp"

namespace braid::get {

namespace {

constexpr std::size_t piece_size = 64 * 1024;

/// The rest of an open file, or of standard input.
class file_reader {
 public:
  explicit file_reader(const std::string& path, std::uint64_t skip) : file_(path, std::ios::binary) {
    file_.seekg(static_cast<std::streamoff>(skip));
  }

  std::string next(std::size_t most) {
    std::string piece(most, '\0');
    file_.read(piece.data(), static_cast<std::streamsize>(most));
    piece.resize(static_cast<std::size_t>(file_.gcount()));
    return piece;
  }

 private:
  std::ifstream file_;
};

std::string next_of_input(std::size_t most) {
  std::string piece(most, '\0');
  const ssize_t size = ::read(STDIN_FILENO, piece.data(), most);
  if (size < 0) throw get_error(read_failed, "cannot read standard input");
  piece.resize(static_cast<std::size_t>(size));
  return piece;
}

}  // namespace

upload::upload(const job& what, std::uint64_t skip) : options_(what.options) {
  if (!what.upload.empty()) {
    path_ = what.upload;
    if (path_ == "-" || path_ == ".") {
      kind_ = kind::input;
      return;
    }
    kind_ = kind::file;
    std::error_code error;
    const std::uint64_t size = std::filesystem::file_size(path_, error);
    if (error || !std::ifstream(path_)) throw get_error(read_failed, "cannot open '" + path_ + "'");
    skip_ = std::min(skip, size);
    length_ = size - skip_;
  } else if (!options_->form.empty()) {
    kind_ = kind::form;
    form_ = form_of(*options_);
    length_ = form_->length();
  } else if (options_->data && !options_->data_in_query) {
    kind_ = kind::data;
    length_ = options_->data->size();
  }
}

std::string upload::content_type() const {
  if (kind_ == kind::form) return form_->content_type();
  return kind_ == kind::data ? "application/x-www-form-urlencoded" : "";
}

void upload::take_length(std::string_view number) {
  length_ = static_cast<std::uint64_t>(std::max(whole_number(std::string(number)), 0L));
}

void upload::put_into(http::request& to, std::uint64_t rate, bool chunked) {
  const std::optional<std::uint64_t> length = chunked ? std::nullopt : length_;
  if (kind_ == kind::data && rate == 0 && !chunked) {
    to.body(*options_->data);
    return;
  }
  const std::size_t most =
      rate == 0 ? piece_size : static_cast<std::size_t>(std::clamp<std::uint64_t>(rate / 4, 1, piece_size));
  std::function<std::string()> next;
  if (kind_ == kind::data) {
    next = [text = *options_->data, at = std::size_t{0}, most]() mutable {
      const std::string piece = text.substr(at, most);
      at += piece.size();
      return piece;
    };
  } else if (kind_ == kind::file) {
    next = [from = std::make_shared<file_reader>(path_, skip_), most] { return from->next(most); };
  } else if (kind_ == kind::input) {
    used_ = true;
    next = [most] { return next_of_input(most); };
  } else {
    to.stream(form_->source(), length);
    return;
  }
  const double pause = rate == 0 ? 0 : static_cast<double>(most) / static_cast<double>(rate);
  auto source = std::make_shared<std::function<std::string()>>(std::move(next));
  auto begun = std::make_shared<bool>(false);
  to.stream(
      [source, begun, pause]() -> awaitable<std::string> {
        if (pause > 0 && *begun)
          co_await sleep_for(std::chrono::duration_cast<duration>(std::chrono::duration<double>(pause)));
        *begun = true;
        co_return (*source)();
      },
      length);
}

}  // namespace braid::get
