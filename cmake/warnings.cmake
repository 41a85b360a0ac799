# Warnings as errors, on our own targets only and only where a preset asks for them: users never inherit them.
function(braid_warnings target)
  if(BRAID_WARNINGS)
    target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
                                             -Wno-missing-field-initializers -Werror)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
      # g++ does not model Asio's fences under TSan and says so in every file.
      target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-Wno-tsan>)
    endif()
  endif()
endfunction()
