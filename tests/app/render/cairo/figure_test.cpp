// Every kind of mark draws what it says where it says: asked of the pixels.
#include "app/render/cairo/figure.h"

#include <cmath>

#include <gtest/gtest.h>

#include "app/render/type/fonts.h"
#include "tests/app/render/pixels.h"

namespace convlens {
namespace {

RectMark filled(Rect rect, Colour fill) {
    RectMark mark;
    mark.rect = rect;
    mark.fill = fill;
    return mark;
}

RectMark framed(Rect rect, Colour stroke, float width) {
    RectMark mark;
    mark.rect = rect;
    mark.stroke = stroke;
    mark.stroke_width = width;
    return mark;
}

LineMark line(Point from, Point to, float width) {
    LineMark mark;
    mark.from = from;
    mark.to = to;
    mark.colour = kBlack;
    mark.width = width;
    return mark;
}

GridMark grid(int rows, int cols, float pitch) {
    GridMark mark;
    mark.origin = {10, 20};
    mark.pitch = pitch;
    mark.rows = rows;
    mark.cols = cols;
    mark.fill.assign(static_cast<std::size_t>(rows) * static_cast<std::size_t>(cols), kWhite);
    return mark;
}

// Outlines lie inside their cells, in whole pixels: the read cell's is 2 wide, the current one's 5, each 3 from the edge.
TEST(Figure, CellsThatAreReadAreOutlinedInsideTheirEdges) {
    GridMark mark = grid(1, 3, 40);
    mark.states = {CellState::plain, CellState::read, CellState::current};
    mark.outlines = {kRed, {0, 0, 0, 0}, 3, 2, 5};
    const Bitmap bitmap = drawn(140, 80, mark);
    EXPECT_EQ(ink(bitmap), (Rect{10 + 40 + 3, 20 + 3, 80 - 6, 40 - 6}));
    EXPECT_EQ(count(bitmap, kRed), (34 * 34 - 30 * 30) + (34 * 34 - 24 * 24));
    EXPECT_EQ(at(bitmap, 50 + 4, 40), kRed);
    EXPECT_EQ(at(bitmap, 50 + 5, 40), kWhite);
    EXPECT_EQ(at(bitmap, 90 + 7, 40), kRed);
    EXPECT_EQ(at(bitmap, 90 + 8, 40), kWhite);
    mark.outlines.casing = kBlue;  // along the inner side, half as wide
    const Bitmap cased = drawn(140, 80, mark);
    EXPECT_EQ(count(cased, kRed), count(bitmap, kRed));
    EXPECT_EQ(at(cased, 50 + 5, 40), kBlue);
    EXPECT_EQ(at(cased, 50 + 6, 40), kWhite);
    EXPECT_EQ(at(cased, 90 + 10, 40), kBlue);
    EXPECT_EQ(at(cased, 90 + 11, 40), kWhite);
}

// A note ends at its inset from the lower right corner; a number goes where it is shifted; lines lie beneath both.
TEST(Figure, NotesStandInTheCornerOfTheirCellsAndNumbersMakeRoom) {
    GridMark mark = grid(1, 1, 100);
    mark.notes = {{0, 0, "11", kRed}};
    mark.note_size = 30;
    mark.note_inset = 8;
    const Rect note = ink(drawn(140, 140, mark));
    EXPECT_NEAR(note.bottom(), 20 + 100 - 8, 1);
    EXPECT_NEAR(note.right(), 10 + 100 - 8, 4) << "a digit does not fill its advance";
    EXPECT_LE(note.h, 30 * kDigitShare);
    GridMark number = grid(1, 1, 100);
    number.text_size = 40;
    number.texts = {{0, 0, "11", kBlack}};
    const Rect middle = ink(drawn(140, 140, number));
    number.texts[0].shift = {-12, -20};
    const Rect shifted = ink(drawn(140, 140, number));
    EXPECT_NEAR(shifted.x, middle.x - 12, 1);
    EXPECT_NEAR(shifted.y, middle.y - 20, 1);
    EXPECT_LE(middle.h, 40 * kDigitShare);
    PolygonMark line;
    line.closed = false;
    line.points = {{10, 70}, {110, 70}};
    line.stroke = kBlue;
    line.stroke_width = 40;
    number.beneath = {line};
    const Bitmap over = drawn(140, 140, number);
    EXPECT_GT(count(over, kBlack), 0) << "the number is above the line";
    EXPECT_GT(count(over, kBlue), 1000);
}

// Cells of a third of a pixel: `fill` has a colour for each pixel of what is in sight, here without the plane's left edge.
TEST(Figure, APlaneOfVerySmallCellsIsDrawnPixelByPixel) {
    GridMark mark = grid(60, 90, 1.0F / 3);
    mark.picture = {15, 20, 25, 20};
    mark.fill.assign(25UL * 20, kRed);
    mark.fill[3 * 25 + 7] = kBlue;
    ASSERT_TRUE(mark.is_filled());
    const Bitmap bitmap = drawn(60, 60, mark);
    EXPECT_EQ(ink(bitmap), (Rect{15, 20, 25, 20}));
    EXPECT_EQ(at(bitmap, 15 + 7, 20 + 3), kBlue);
    EXPECT_EQ(count(bitmap, kBlue), 1);
    EXPECT_EQ(count(bitmap, kRed), 25 * 20 - 1);
}

TEST(Figure, CellsMayBeHigherThanWide) {
    GridMark mark = grid(2, 3, 4);
    mark.stretch = 2.5F;
    mark.fill.back() = kRed;
    const Bitmap bitmap = drawn(60, 60, mark);
    EXPECT_EQ(ink(bitmap), (Rect{10 + 8, 20 + 10, 4, 10}));
}

TEST(Figure, HasTheScenesSizeAndGround) {
    Scene scene = blank_scene(30.2F, 20);
    scene.background = kBlue;
    const Bitmap bitmap = draw_figure(scene);
    EXPECT_EQ(bitmap.width, 31);
    EXPECT_EQ(bitmap.height, 20);
    EXPECT_EQ(count(bitmap, kBlue), 31 * 20);
    EXPECT_EQ(count(draw_figure(scene, true), Colour{0, 0, 0, 0}), 31 * 20);
}

TEST(Figure, TransparentFiguresKeepStraightColours) {
    Scene scene = blank_scene(10, 10);
    scene.marks.push_back(filled({0, 0, 10, 10}, {200, 100, 50, 128}));
    const Colour found = at(draw_figure(scene, true), 5, 5);
    EXPECT_EQ(found.a, 128);
    EXPECT_LE(difference(found, {200, 100, 50, 128}), 1);
}

TEST(Figure, LaterMarksLieOnTop) {
    const Bitmap bitmap = drawn(20, 20, filled({0, 0, 20, 20}, kRed), filled({5, 5, 10, 10}, kBlue));
    EXPECT_EQ(at(bitmap, 10, 10), kBlue);
    EXPECT_EQ(at(bitmap, 4, 4), kRed);
}

TEST(Figure, RectanglesAreCrispEvenBetweenPixels) {
    const Bitmap bitmap = drawn(40, 40, filled({10.4F, 9.6F, 12.2F, 8}, kRed));
    EXPECT_EQ(ink(bitmap), (Rect{10, 10, 13, 8}));
    EXPECT_EQ(count(bitmap, kRed), 13 * 8);
}

TEST(Figure, AThinRectangleDoesNotVanish) {
    EXPECT_EQ(count(drawn(20, 20, filled({3.2F, 3, 0.1F, 5}, kRed)), kRed), 5);
}

TEST(Figure, AStrokeLiesInsideItsRectangle) {
    const Bitmap bitmap = drawn(60, 60, framed({10, 10, 30, 20}, kBlue, 3));
    EXPECT_EQ(ink(bitmap), (Rect{10, 10, 30, 20}));
    EXPECT_EQ(count(bitmap, kBlue), 30 * 20 - 24 * 14);
    EXPECT_EQ(at(bitmap, 25, 20), kWhite);
}

TEST(Figure, DashedFramesHaveGapsAndClosedCorners) {
    RectMark mark = framed({10, 10, 60, 40}, kBlue, 2);
    mark.dash = 6;
    const Bitmap bitmap = drawn(80, 60, mark);
    for (const int x : {10, 69})
        for (const int y : {10, 49}) EXPECT_EQ(at(bitmap, x, y), kBlue);
    EXPECT_LT(count(bitmap, kBlue), (60 * 40 - 56 * 36) * 7 / 10);
    EXPECT_GT(count(bitmap, kBlue), (60 * 40 - 56 * 36) * 3 / 10);
}

TEST(Figure, RoundedRectanglesShowTheGroundInTheirCorners) {
    RectMark mark = filled({10, 10, 40, 40}, kRed);
    mark.radius = 10;
    const Bitmap bitmap = drawn(60, 60, mark);
    EXPECT_EQ(at(bitmap, 10, 10), kWhite);
    EXPECT_EQ(at(bitmap, 30, 10), kRed);
    EXPECT_EQ(at(bitmap, 30, 30), kRed);
}

TEST(Figure, HatchingLetsTheGroundThrough) {
    RectMark mark = framed({10, 10, 60, 60}, kRed, 1);
    mark.hatched = true;
    const Bitmap bitmap = drawn(80, 80, mark);
    EXPECT_EQ(ink(bitmap), (Rect{10, 10, 60, 60}));
    int ground = 0;
    for (int y = 11; y < 69; ++y)
        for (int x = 11; x < 69; ++x) ground += at(bitmap, x, y) == kWhite ? 1 : 0;
    EXPECT_GT(ground, 58 * 58 / 2);
    EXPECT_LT(ground, 58 * 58 * 9 / 10);
}

TEST(Figure, StraightLinesAreCrisp) {
    const Bitmap one = drawn(40, 40, line({5, 20}, {25, 20}, 1));
    EXPECT_EQ(ink(one), (Rect{5, 20, 20, 1}));
    EXPECT_EQ(count(one, kBlack), 20);
    EXPECT_EQ(ink(drawn(40, 40, line({20, 5}, {20, 25}, 2))), (Rect{19, 5, 2, 20}));
}

TEST(Figure, DashedLinesHaveGaps) {
    LineMark mark = line({0, 10}, {40, 10}, 1);
    mark.dash = 4;
    EXPECT_EQ(count(drawn(40, 20, mark), kBlack), 20);
}

TEST(Figure, AnArrowPointsAtItsEnd) {
    LineMark mark = line({10, 30}, {60, 30}, 3);
    mark.arrow = true;
    const Bitmap bitmap = drawn(80, 60, mark);
    const Rect found = ink(bitmap);
    EXPECT_NEAR(found.right(), 60, 1);
    EXPECT_NEAR(found.h, 12, 1);
    EXPECT_NEAR(found.y + found.h / 2, 30.5F, 0.5F);
    EXPECT_EQ(at(bitmap, 20, 30), kBlack);
    EXPECT_EQ(at(bitmap, 20, 26), kWhite);  // the shaft is not as wide as the head
    EXPECT_EQ(at(bitmap, 50, 27), kBlack);
}

TEST(Figure, DotsAreRound) {
    DotMark mark;
    mark.centre = {20, 20};
    mark.radius = 8;
    mark.colour = kBlue;
    const Bitmap bitmap = drawn(40, 40, mark);
    EXPECT_EQ(ink(bitmap), (Rect{12, 12, 16, 16}));
    EXPECT_EQ(at(bitmap, 20, 20), kBlue);
    EXPECT_EQ(at(bitmap, 13, 13), kWhite);
}

TEST(Figure, PolygonsAreFilledWhenClosed) {
    PolygonMark mark;
    mark.points = {{10, 10}, {50, 10}, {50, 50}, {10, 50}};
    mark.fill = kRed;
    mark.stroke = kBlue;
    mark.stroke_width = 2;
    const Bitmap closed = drawn(60, 60, mark);
    EXPECT_EQ(at(closed, 30, 30), kRed);
    EXPECT_EQ(at(closed, 10, 30), kBlue);
    mark.closed = false;
    const Bitmap open = drawn(60, 60, mark);
    EXPECT_EQ(at(open, 30, 30), kWhite);
    EXPECT_EQ(at(open, 10, 30), kWhite);  // the side that would close it
    EXPECT_EQ(at(open, 30, 10), kBlue);
}

TEST(Figure, TextIsAlignedByItsWidth) {
    const auto fonts = make_font_metrics();
    TextMark mark;
    mark.text = "HIH";
    mark.at = {100, 10};
    mark.size = 30;
    mark.colour = kBlack;
    const float width = fonts->text_width(mark.text, mark.size, mark.face);
    const float bearing = ink(drawn(200, 60, mark)).x - 100;
    mark.align = Align::right;
    EXPECT_NEAR(ink(drawn(200, 60, mark)).x, 100 - width + bearing, 1);
    EXPECT_LE(ink(drawn(200, 60, mark)).right(), 100);
    mark.align = Align::centre;
    const Rect centred = ink(drawn(200, 60, mark));
    EXPECT_NEAR(centred.x + centred.w / 2, 100, 1);
}

TEST(Figure, GridCellsHaveTheirFillsAndLines) {
    GridMark mark = grid(2, 3, 10);
    mark.fill = {kRed, kBlue, kRed, kBlue, {0, 0, 0, 0}, kBlue};
    mark.line = kBlack;
    const Bitmap bitmap = drawn(60, 60, mark);
    EXPECT_EQ(ink(bitmap), (Rect{10, 20, 30, 20}));
    auto wanted = mark.fill.begin();
    for (int row = 0; row < 2; ++row)
        for (int col = 0; col < 3; ++col) {
            const Colour fill = *wanted++;
            EXPECT_EQ(at(bitmap, 10 + col * 10, 20 + row * 10), fill.a == 0 ? kWhite : fill);
            EXPECT_EQ(at(bitmap, 19 + col * 10, 24 + row * 10), kBlack);
            EXPECT_EQ(at(bitmap, 14 + col * 10, 29 + row * 10), kBlack);
        }
}

TEST(Figure, NumbersStandInTheMiddleOfTheirCells) {
    for (const float pitch : {18.0F, 31.0F, 40.0F, 64.0F})
        for (const char* number : {"0", "8", "17", "−3", "0.25"}) {
            GridMark mark = grid(2, 2, pitch);
            mark.line = rgb(0xE0E0E0);
            mark.text_size = pitch * 0.4F;
            mark.texts = {{1, 0, number, kBlack}};
            const Rect cell = mark.cell(1, 0);
            const Rect found = ink(drawn(160, 160, mark));
            // Between the cell's left or top edge and the line at its right or bottom.
            EXPECT_NEAR(found.y - cell.y, cell.bottom() - 1 - found.bottom(), 2) << number << " " << pitch;
            EXPECT_NEAR(found.x - cell.x, cell.right() - 1 - found.right(), 3) << number << " " << pitch;
            EXPECT_TRUE(cell.contains({found.x, found.y}));
        }
}

TEST(Figure, ATurnedSheetTurnsWithItsNumbers) {
    GridMark mark = grid(2, 2, 30);
    mark.fill = {kRed, kBlue, kWhite, kWhite};
    mark.texts = {{1, 1, "1", kBlack}};
    mark.text_size = 24;
    mark.turn = 90;  // clockwise: the top left cell goes to the top right
    const Bitmap bitmap = drawn(100, 100, mark);
    EXPECT_EQ(at(bitmap, 10 + 45, 20 + 15), kRed);
    EXPECT_EQ(at(bitmap, 10 + 45, 20 + 45), kBlue);
    mark.fill.assign(4, kWhite);
    const Rect number = ink(drawn(100, 100, mark));
    EXPECT_TRUE((Rect{10, 50, 30, 30}).contains({number.x, number.y}));
    EXPECT_GT(number.w, number.h);  // the 1 lies on its side
}

TEST(Figure, ATurnedSheetShowsNoSeams) {
    GridMark mark = grid(3, 3, 20);
    mark.fill.assign(9, kBlack);
    mark.turn = 33;
    const Bitmap bitmap = drawn(80, 100, mark);
    for (int y = 45; y < 55; ++y)
        for (int x = 32; x < 48; ++x) EXPECT_LE(difference(at(bitmap, x, y), kBlack), 12);
}

TEST(Figure, LargeGridsKeepEveryCell) {
    GridMark mark = grid(150, 200, 2);
    mark.fill[57 * 200 + 123] = kRed;
    const Bitmap bitmap = drawn(420, 330, mark);
    EXPECT_EQ(count(bitmap, kRed), 4);
    EXPECT_EQ(at(bitmap, 10 + 2 * 123, 20 + 2 * 57), kRed);
}

ImageMark image(Image picture, Rect target, bool nearest) {
    ImageMark mark;
    mark.source = {0, 0, static_cast<float>(picture.width()), static_cast<float>(picture.height())};
    mark.image = std::make_shared<Image>(std::move(picture));
    mark.target = target;
    mark.nearest = nearest;
    return mark;
}

Image checkers(int side) {
    Image picture(side, side, 1, Depth::u8);
    for (int y = 0; y < side; ++y)
        for (int x = 0; x < side; ++x)
            picture.row<std::uint8_t>(y)[static_cast<std::size_t>(x)] = (x + y) % 2 ? 255 : 0;
    return picture;
}

TEST(Figure, EnlargedPixelsAreSquares) {
    const Bitmap bitmap = drawn(60, 60, image(checkers(4), {10, 10, 40, 40}, true));
    for (int y = 0; y < 40; ++y)
        for (int x = 0; x < 40; ++x)
            ASSERT_EQ(at(bitmap, 10 + x, 10 + y), (x / 10 + y / 10) % 2 ? kWhite : kBlack) << x << " " << y;
}

TEST(Figure, AReducedPictureIsAveraged) {
    const Bitmap bitmap = drawn(60, 60, image(checkers(500), {10, 10, 40, 40}, false));
    for (int y = 12; y < 48; ++y)
        for (int x = 12; x < 48; ++x) ASSERT_NEAR(at(bitmap, x, y).r, 127, 8);
    EXPECT_EQ(at(bitmap, 9, 20), kWhite);
    EXPECT_EQ(at(bitmap, 50, 20), kWhite);
}

TEST(Figure, PartsOfAPictureAreShownAlone) {
    ImageMark mark = image(checkers(4), {0, 0, 20, 20}, true);
    mark.source = {1, 0, 1, 1};
    EXPECT_EQ(count(drawn(20, 20, mark), kWhite), 400);
    mark.source = {2, 0, 1, 1};
    EXPECT_EQ(count(drawn(20, 20, mark), kBlack), 400);
    mark.source = {3, 3, 2, 2};  // three quarters of it beyond the picture
    EXPECT_EQ(ink(drawn(20, 20, mark)), (Rect{0, 0, 10, 10}));
}

TEST(Figure, PicturesOfEveryDepthShowTheirColours) {
    Image deep(1, 1, 3, Depth::u16);
    deep.row<std::uint16_t>(0)[0] = 65535;
    deep.row<std::uint16_t>(0)[1] = 32896;
    EXPECT_EQ(at(drawn(4, 4, image(deep, {0, 0, 4, 4}, true)), 2, 2), (Colour{255, 128, 0, 255}));
    Image wide(1, 1, 3, Depth::f32);
    wide.row<float>(0)[0] = 7.5F;
    wide.row<float>(0)[1] = -1;
    wide.row<float>(0)[2] = std::nanf("");
    EXPECT_EQ(at(drawn(4, 4, image(wide, {0, 0, 4, 4}, true)), 2, 2), (Colour{255, 0, 0, 255}));
    Image whole(1, 1, 3, Depth::s16);
    std::ranges::copy(std::initializer_list<std::int16_t>{-300, 128, 900}, whole.row<std::int16_t>(0).begin());
    EXPECT_EQ(at(drawn(4, 4, image(whole, {0, 0, 4, 4}, true)), 2, 2), (Colour{0, 128, 255, 255}));
    Image clear(1, 1, 2, Depth::u8);
    clear.row<std::uint8_t>(0)[1] = 128;
    EXPECT_LE(difference(at(drawn(4, 4, image(clear, {0, 0, 4, 4}, true)), 2, 2), {127, 127, 127, 255}), 1);
}

TEST(Figure, MarksWithNothingToShowDrawNothing) {
    const Bitmap bitmap = drawn(20, 20, RectMark{}, LineMark{}, PolygonMark{}, TextMark{}, FormulaMark{}, GridMark{},
                                ImageMark{}, framed({5, 5, 0, 10}, kRed, 2));
    EXPECT_EQ(count(bitmap, kWhite), 400);
}

}  // namespace
}  // namespace convlens
