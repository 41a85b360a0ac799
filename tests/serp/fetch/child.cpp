#include "child.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "plain_engines.hpp"
#include "serp/fetch/fetch_command.hpp"

namespace {

std::string text_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void redirect(const std::string& path, int flags, int to) {
  const int file = open(path.c_str(), flags, 0600);
  if (file < 0 || dup2(file, to) < 0) _exit(126);
  close(file);
}

}  // namespace

fetch_process::fetch_process(std::vector<std::string> arguments, const std::string& input) {
  folder_ = (std::filesystem::temp_directory_path() / "braid-fetch-XXXXXX").string();
  if (mkdtemp(folder_.data()) == nullptr) throw std::runtime_error("no scratch folder");
  std::ofstream(folder_ + "/in", std::ios::binary) << input;
  arguments.insert(arguments.begin(), "fetch");
  std::vector<const char*> words;
  for (const auto& argument : arguments) words.push_back(argument.c_str());
  std::fflush(nullptr);
  child_ = fork();
  if (child_ < 0) throw std::runtime_error("no child");
  if (child_ > 0) return;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  redirect(folder_ + "/in", O_RDONLY, STDIN_FILENO);
  redirect(folder_ + "/out", O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, STDOUT_FILENO);
  redirect(folder_ + "/err", O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, STDERR_FILENO);
  const plain_engines engines;
  const int code = braid::fetch::fetch_command(static_cast<int>(words.size()), words.data(), engines);
  std::fflush(nullptr);
  _exit(code);
}

fetch_process::~fetch_process() {
  if (child_ > 0) {
    kill(child_, SIGKILL);
    waitpid(child_, nullptr, 0);
  }
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void fetch_process::signal(int number) const { kill(child_, number); }

ended fetch_process::wait() {
  int state = 0;
  waitpid(std::exchange(child_, -1), &state, 0);
  ended result;
  result.code = WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
  result.out = text_of(folder_ + "/out");
  result.err = text_of(folder_ + "/err");
  return result;
}

std::string fetch_process::out_so_far() const { return text_of(folder_ + "/out"); }

origin::origin(const std::vector<std::string>& options) {
  const std::string program = BRAID_BIN_DIR "/braid-origin";
  std::vector<std::string> words = {program, "--listen", "127.0.0.1:0", "--quiet"};
  words.insert(words.end(), options.begin(), options.end());
  std::vector<char*> pointers;
  for (auto& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  child_ = fork();
  if (child_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(ends[1], STDOUT_FILENO);
    execv(program.c_str(), pointers.data());
    _exit(127);
  }
  close(ends[1]);
  FILE* lines = fdopen(ends[0], "r");
  std::array<char, 200> line{};
  const bool said = fgets(line.data(), line.size(), lines) != nullptr;
  fclose(lines);
  const std::string text(line.data());
  const auto begin = text.find("http://");
  if (!said || begin == std::string::npos) throw std::runtime_error("braid-origin did not start: " + text);
  url_ = text.substr(begin, text.find_first_of(" \n", begin) - begin);
}

origin::~origin() {
  kill(child_, SIGKILL);
  waitpid(child_, nullptr, 0);
}
