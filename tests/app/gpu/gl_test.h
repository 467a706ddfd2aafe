// A test that has an OpenGL context, without any display.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "app/gpu/gl_context.h"

namespace convlens::test {

// One context for each test suite, so that others may start and end GLFW in between.
class GlTest : public testing::Test {
protected:
    static void SetUpTestSuite() { context() = GlContext::create_headless(reason()); }
    static void TearDownTestSuite() { context().reset(); }
    void SetUp() override { ASSERT_NE(context(), nullptr) << english(reason()); }

    static std::unique_ptr<GlContext>& context() {
        static std::unique_ptr<GlContext> instance;
        return instance;
    }
    static Message& reason() {
        static Message text;
        return text;
    }
};

}  // namespace convlens::test
