# Fetches the pinned sources into CONVLENS_DEPS_DIR, once for all presets: the imgui-bundle archive (Dear ImGui,
# GLFW, MicroTeX and more) and the glad2 generator with the OpenGL loader it writes. When they are there and their
# pins are unchanged, this touches neither Python nor the network.
# Sets BUNDLE_DIR (the archive's external/ folder) and GLAD_DIR (the loader's include/ and src/).

set(deps ${CONVLENS_DEPS_DIR})
set(requirements ${CMAKE_CURRENT_LIST_DIR}/requirements.txt)
set(BUNDLE_DIR ${deps}/imgui_bundle-1.93.0/external)
set(GLAD_DIR ${deps}/glad)

file(MAKE_DIRECTORY ${deps})
file(LOCK ${deps} DIRECTORY GUARD FILE) # two presets may be configured at the same time
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${requirements})

file(SHA256 ${requirements} pins)
file(SHA256 ${CMAKE_CURRENT_LIST_FILE} recipe)
set(stamp "${pins} ${recipe}\n")
if(EXISTS ${deps}/stamp)
    file(READ ${deps}/stamp fetched)
    if(fetched STREQUAL stamp)
        return()
    endif()
endif()

function(run_or_fail what)
    execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
    if(NOT status EQUAL 0)
        message(FATAL_ERROR "${what} failed:\n${output}")
    endif()
endfunction()

message(STATUS "Fetching the pinned sources into ${deps}")
find_package(Python3 REQUIRED COMPONENTS Interpreter)
# Debian's own pip may be missing or refuse to work, so a virtual environment is made every time.
run_or_fail("Making a Python environment (Debian: python3-venv)" ${Python3_EXECUTABLE} -m venv --clear ${deps}/venv)
run_or_fail("Downloading the pinned sources" ${deps}/venv/bin/python -m pip download --disable-pip-version-check
            --no-deps --require-hashes --no-binary imgui-bundle,markupsafe --only-binary glad2,jinja2
            --dest ${deps}/archives --requirement ${requirements})

set(external imgui_bundle-1.93.0/external)
file(ARCHIVE_EXTRACT INPUT ${deps}/archives/imgui_bundle-1.93.0.tar.gz DESTINATION ${deps} PATTERNS
     ${external}/glfw/glfw/*
     ${external}/hello_imgui/hello_imgui/external/stb_hello_imgui/*.h
     ${external}/imgui/imgui/*
     ${external}/imgui_microtex/MicroTeX/LICENSE
     ${external}/imgui_microtex/MicroTeX/lib/*
     ${external}/imgui_microtex/MicroTeX/res/lm-math/*
     ${external}/imgui_test_engine/imgui_test_engine/imgui_test_engine/*
     ${external}/portable_file_dialogs/portable_file_dialogs/*)

file(ARCHIVE_EXTRACT INPUT ${deps}/archives/glad2-2.0.8-py3-none-any.whl DESTINATION ${deps}/python)
file(ARCHIVE_EXTRACT INPUT ${deps}/archives/jinja2-3.1.6-py3-none-any.whl DESTINATION ${deps}/python)
file(ARCHIVE_EXTRACT INPUT ${deps}/archives/markupsafe-3.0.4.tar.gz DESTINATION ${deps})
# --reproducible: from the specification inside the wheel, not a newer one from the network.
run_or_fail("Generating the OpenGL loader" ${CMAKE_COMMAND} -E env
            PYTHONPATH=${deps}/python:${deps}/markupsafe-3.0.4/src ${Python3_EXECUTABLE} -m glad --quiet
            --reproducible --api gl:core=4.5 --extensions= --out-path ${GLAD_DIR} c)

file(WRITE ${deps}/stamp "${stamp}")
