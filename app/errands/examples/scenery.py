"""The scenes themselves, each drawn on a `scenes.Sheet`."""

from collections.abc import Callable

from app.errands.examples.scenes import INK, PAPER, SPINES, Colour, Sheet, darker

_GREEN: Colour = (92, 132, 84)
_GLASS: Colour = (186, 214, 228)
_FUR: Colour = (206, 160, 104)


def shelf(sheet: Sheet) -> None:
    """Three shelves and a step stool."""
    sheet.room(0.86)
    sheet.case(0.08, 0.08, 0.84, 0.78)
    sheet.box(0.62, 0.8, 0.2, 0.05, sheet.thing, 0.01)
    for x in (0.64, 0.78):
        sheet.box(x, 0.84, 0.025, 0.1, sheet.thing)


def window(sheet: Sheet) -> None:
    """An armchair by a tall window, trees outside."""
    sheet.room()
    sheet.box(0.14, 0.08, 0.42, 0.5, PAPER, 0.01)
    sheet.box(0.16, 0.1, 0.38, 0.46, _GLASS)
    for n in range(4):
        x = 0.18 + n * 0.09
        sheet.box(x + 0.03, 0.42, 0.012, 0.14, darker(sheet.floor, 0.7))
        sheet.oval(x, 0.24 + sheet.dice.uniform(-0.04, 0.04), 0.08, 0.2, _GREEN)
    sheet.box(0.345, 0.1, 0.012, 0.46, PAPER)
    sheet.box(0.16, 0.32, 0.38, 0.01, PAPER)
    sheet.box(0.56, 0.44, 0.34, 0.34, sheet.thing, 0.04)
    sheet.box(0.54, 0.62, 0.38, 0.16, darker(sheet.thing, 1.15), 0.03)
    for x in (0.53, 0.86):
        sheet.box(x, 0.58, 0.07, 0.22, darker(sheet.thing, 0.85), 0.02)
    sheet.shape([(0.64, 0.6), (0.73, 0.57), (0.82, 0.6), (0.73, 0.63)], PAPER)


def dog(sheet: Sheet) -> None:
    """A dog asleep on a round mat in front of a bookcase."""
    sheet.room(0.6)
    sheet.case(0.06, 0.06, 0.88, 0.52)
    sheet.oval(0.14, 0.68, 0.72, 0.24, sheet.thing)
    sheet.oval(0.2, 0.7, 0.6, 0.2, darker(sheet.thing, 1.2))
    sheet.oval(0.34, 0.62, 0.36, 0.2, _FUR)
    sheet.oval(0.24, 0.64, 0.18, 0.13, darker(_FUR, 1.08))
    sheet.oval(0.22, 0.7, 0.1, 0.06, darker(_FUR, 1.15))
    sheet.oval(0.36, 0.64, 0.06, 0.11, darker(_FUR, 0.75))
    sheet.oval(0.22, 0.715, 0.03, 0.025, INK)
    sheet.line([(0.29, 0.695), (0.305, 0.7), (0.32, 0.695)])
    sheet.line([(0.68, 0.72), (0.76, 0.74), (0.78, 0.8)], darker(_FUR, 0.9), 0.025)
    for x in (0.4, 0.56):
        sheet.oval(x, 0.78, 0.12, 0.05, darker(_FUR, 1.08))


def bus(sheet: Sheet) -> None:
    """A book bus on a road between houses."""
    sheet.box(0, 0, 1, 0.66, _GLASS)
    for n in range(5):
        x, top = n * 0.22 - 0.05, 0.26 + sheet.dice.uniform(0, 0.1)
        sheet.box(x, top, 0.17, 0.66 - top, sheet.dice.choice(SPINES[:5]))
        sheet.shape([(x - 0.01, top), (x + 0.085, top - 0.09), (x + 0.18, top)], darker(sheet.floor, 0.7))
        sheet.box(x + 0.05, top + 0.07, 0.05, 0.05, PAPER)
    sheet.box(0, 0.66, 1, 0.34, (120, 122, 126))
    for n in range(6):
        sheet.box(n * 0.18 + 0.02, 0.88, 0.1, 0.012, PAPER)
    sheet.box(0.12, 0.42, 0.76, 0.36, sheet.thing, 0.03)
    sheet.box(0.16, 0.47, 0.46, 0.13, _GLASS, 0.01)
    sheet.books(0.17, 0.5, 0.44, 0.1)
    sheet.box(0.66, 0.47, 0.09, 0.29, darker(sheet.thing, 0.7), 0.01)
    sheet.box(0.78, 0.47, 0.08, 0.15, _GLASS, 0.01)
    sheet.box(0.12, 0.66, 0.54, 0.03, PAPER)
    for x in (0.22, 0.68):
        sheet.oval(x, 0.72, 0.13, 0.11, INK)
        sheet.oval(x + 0.04, 0.755, 0.05, 0.04, PAPER)


def stage(sheet: Sheet) -> None:
    """A microphone on a stage, a curtain behind it, empty chairs before it."""
    sheet.box(0, 0, 1, 0.6, darker(sheet.thing, 0.8))
    for n in range(12):
        sheet.box(n / 12, 0, 0.035, 0.6, sheet.thing)
    sheet.box(0, 0.58, 1, 0.42, sheet.floor)
    sheet.oval(0.28, 0.54, 0.44, 0.12, darker(sheet.floor, 1.3))
    sheet.line([(0.5, 0.3), (0.5, 0.6)], INK, 0.012)
    sheet.oval(0.465, 0.22, 0.07, 0.09, INK)
    sheet.oval(0.44, 0.585, 0.12, 0.03, INK)
    for row, y in enumerate((0.74, 0.87)):
        for n in range(5):
            x = 0.05 + n * 0.19 + row * 0.03
            sheet.box(x, y, 0.13, 0.09, darker(sheet.floor, 0.5), 0.015)
            sheet.box(x + 0.01, y + 0.07, 0.11, 0.04, darker(sheet.floor, 0.65), 0.01)


def table(sheet: Sheet) -> None:
    """A round table from above the edge, with cups and an open book."""
    sheet.room(0.5)
    sheet.case(0.56, 0.08, 0.38, 0.4, 2)
    sheet.oval(0.1, 0.1, 0.2, 0.16, darker(sheet.thing, 1.2))
    sheet.oval(0.1, 0.5, 0.8, 0.36, darker(sheet.floor, 0.6))
    sheet.oval(0.1, 0.48, 0.8, 0.35, darker(sheet.floor, 1.25))
    for x, y in ((0.2, 0.58), (0.68, 0.55), (0.6, 0.72)):
        sheet.oval(x - 0.02, y + 0.05, 0.15, 0.05, PAPER)
        sheet.box(x, y - 0.01, 0.1, 0.08, sheet.thing, 0.02)
        sheet.oval(x, y - 0.025, 0.1, 0.035, darker(sheet.thing, 0.5))
    sheet.shape([(0.36, 0.66), (0.47, 0.62), (0.48, 0.71), (0.37, 0.75)], PAPER)
    sheet.shape([(0.47, 0.62), (0.58, 0.64), (0.59, 0.73), (0.48, 0.71)], darker(PAPER, 0.94))


def computer(sheet: Sheet) -> None:
    """A laptop, a lamp and a cup on a desk."""
    sheet.room(0.64)
    sheet.box(0.04, 0.1, 0.24, 0.2, PAPER, 0.01)
    for n in range(4):
        sheet.box(0.07, 0.13 + n * 0.04, 0.18 - 0.03 * (n % 2), 0.012, darker(sheet.wall, 0.8))
    sheet.box(0, 0.64, 1, 0.08, darker(sheet.floor, 0.65))
    sheet.box(0.26, 0.34, 0.46, 0.28, INK, 0.015)
    sheet.box(0.28, 0.36, 0.42, 0.24, _GLASS)
    for n in range(5):
        sheet.box(0.31, 0.39 + n * 0.04, sheet.dice.uniform(0.14, 0.34), 0.015, darker(sheet.thing, 1.1))
    sheet.shape([(0.22, 0.66), (0.26, 0.61), (0.72, 0.61), (0.76, 0.66)], darker(PAPER, 0.8))
    sheet.box(0.8, 0.54, 0.09, 0.1, sheet.thing, 0.015)
    sheet.line([(0.89, 0.57), (0.93, 0.58), (0.89, 0.62)], sheet.thing, 0.014)
    sheet.line([(0.86, 0.36), (0.85, 0.3), (0.86, 0.26), (0.85, 0.22)], PAPER, 0.008)


def trolley(sheet: Sheet) -> None:
    """A trolley full of books in a corridor of shelves."""
    sheet.room(0.74)
    sheet.case(0.02, 0.06, 0.2, 0.68, 4)
    sheet.case(0.78, 0.06, 0.2, 0.68, 4)
    for y in (0.44, 0.66):
        sheet.books(0.28, y - 0.17, 0.44, 0.17)
        sheet.box(0.26, y, 0.48, 0.025, sheet.thing)
    for x in (0.255, 0.725):
        sheet.box(x, 0.3, 0.02, 0.54, darker(sheet.thing, 0.7))
    for x in (0.24, 0.71):
        sheet.oval(x, 0.83, 0.05, 0.045, INK)


def clock(sheet: Sheet) -> None:
    """A library door with a clock above it."""
    sheet.box(0, 0, 1, 1, darker(sheet.thing, 1.25))
    for n in range(10):
        sheet.line([(0, n / 10), (1, n / 10)], darker(sheet.thing, 1.1), 0.004)
    sheet.box(0, 0.9, 1, 0.1, (150, 148, 144))
    sheet.box(0.26, 0.34, 0.48, 0.58, PAPER, 0.01)
    sheet.box(0.29, 0.37, 0.2, 0.55, darker(sheet.floor, 0.8))
    sheet.box(0.51, 0.37, 0.2, 0.55, darker(sheet.floor, 0.8))
    for x in (0.32, 0.54):
        sheet.box(x, 0.41, 0.14, 0.24, _GLASS)
    sheet.oval(0.465, 0.66, 0.025, 0.02, (214, 180, 90))
    sheet.oval(0.39, 0.08, 0.22, 0.2, INK)
    sheet.oval(0.405, 0.094, 0.19, 0.172, PAPER)
    hour = sheet.dice.choice([(0.46, 0.15), (0.54, 0.15), (0.55, 0.2)])
    sheet.line([(0.5, 0.18), hour], INK, 0.012)
    sheet.line([(0.5, 0.18), (0.5, 0.115)], INK, 0.008)


def puppets(sheet: Sheet) -> None:
    """An owl and a fox as hand puppets on a small stage."""
    sheet.room(0.8)
    sheet.box(0.08, 0.1, 0.84, 0.8, darker(sheet.floor, 0.7), 0.02)
    sheet.box(0.14, 0.18, 0.72, 0.48, darker(sheet.wall, 0.92))
    for x in (0.14, 0.76):
        sheet.box(x, 0.18, 0.1, 0.48, sheet.thing, 0.02)
    owl, fox = (128, 96, 72), (214, 112, 52)
    sheet.oval(0.28, 0.36, 0.2, 0.34, owl)
    sheet.shape([(0.3, 0.4), (0.32, 0.3), (0.37, 0.38)], owl)
    sheet.shape([(0.46, 0.4), (0.44, 0.3), (0.39, 0.38)], owl)
    for x in (0.31, 0.39):
        sheet.oval(x, 0.41, 0.06, 0.055, PAPER)
        sheet.oval(x + 0.02, 0.425, 0.022, 0.022, INK)
    sheet.shape([(0.37, 0.47), (0.4, 0.47), (0.385, 0.5)], (230, 180, 70))
    sheet.oval(0.54, 0.4, 0.18, 0.3, fox)
    sheet.shape([(0.55, 0.45), (0.55, 0.31), (0.62, 0.41)], fox)
    sheet.shape([(0.71, 0.45), (0.71, 0.31), (0.64, 0.41)], fox)
    sheet.oval(0.57, 0.51, 0.12, 0.1, PAPER)
    for x in (0.585, 0.655):
        sheet.oval(x, 0.46, 0.022, 0.022, INK)
    sheet.oval(0.62, 0.53, 0.025, 0.02, INK)
    sheet.box(0.1, 0.64, 0.8, 0.26, sheet.thing, 0.01)
    for n in range(8):
        sheet.oval(0.12 + n * 0.1, 0.72 + (n % 2) * 0.07, 0.04, 0.03, PAPER)


def garden(sheet: Sheet) -> None:
    """Seedlings in pots, and bags of seeds."""
    sheet.room(0.66)
    sheet.box(0.1, 0.08, 0.8, 0.38, PAPER, 0.01)
    sheet.box(0.12, 0.1, 0.76, 0.34, _GLASS)
    sheet.box(0.02, 0.64, 0.96, 0.06, darker(sheet.floor, 0.6))
    for n in range(4):
        x, tall = 0.08 + n * 0.16, sheet.dice.uniform(0.1, 0.24)
        sheet.line([(x + 0.05, 0.54), (x + 0.05, 0.54 - tall)], _GREEN, 0.01)
        for leaf in range(3):
            y = 0.54 - tall * (leaf + 1) / 3
            sheet.oval(x - 0.02, y, 0.07, 0.03, _GREEN)
            sheet.oval(x + 0.05, y - 0.02, 0.07, 0.03, darker(_GREEN, 1.15))
        sheet.shape([(x, 0.53), (x + 0.1, 0.53), (x + 0.085, 0.64), (x + 0.015, 0.64)], (190, 104, 70))
    for n in range(2):
        x = 0.73 + n * 0.12
        sheet.box(x, 0.47, 0.1, 0.17, PAPER, 0.008)
        sheet.oval(x + 0.025, 0.51, 0.05, 0.05, sheet.dice.choice(SPINES[:5]))
        sheet.box(x + 0.02, 0.58, 0.06, 0.01, INK)


def music(sheet: Sheet) -> None:
    """A violin leaning against a chair."""
    sheet.room(0.78)
    wood, chair = (168, 92, 44), darker(sheet.thing, 0.85)
    sheet.box(0.52, 0.3, 0.04, 0.6, chair)
    sheet.box(0.82, 0.3, 0.04, 0.6, chair)
    sheet.box(0.52, 0.32, 0.34, 0.12, chair, 0.02)
    sheet.box(0.48, 0.6, 0.42, 0.06, darker(chair, 1.3), 0.01)
    sheet.oval(0.22, 0.62, 0.28, 0.24, wood)
    sheet.oval(0.255, 0.5, 0.21, 0.18, wood)
    sheet.box(0.335, 0.2, 0.045, 0.36, darker(wood, 0.5))
    sheet.oval(0.33, 0.16, 0.055, 0.06, darker(wood, 0.6))
    for x in (0.346, 0.357, 0.368):
        sheet.line([(x, 0.2), (x, 0.8)], PAPER, 0.002)
    sheet.box(0.325, 0.69, 0.065, 0.014, INK)
    for x in (0.285, 0.415):
        sheet.line([(x, 0.64), (x + 0.01, 0.68), (x, 0.73)], INK, 0.007)
    sheet.line([(0.12, 0.92), (0.5, 0.34)], darker(wood, 0.7), 0.008)


def parcel(sheet: Sheet) -> None:
    """A cloth bag of books on the step of a door."""
    sheet.box(0, 0, 1, 1, sheet.wall)
    sheet.box(0.3, 0.06, 0.5, 0.74, sheet.thing, 0.01)
    for y in (0.12, 0.42):
        sheet.box(0.36, y, 0.17, 0.24, darker(sheet.thing, 0.85))
        sheet.box(0.57, y, 0.17, 0.24, darker(sheet.thing, 0.85))
    sheet.oval(0.74, 0.4, 0.03, 0.03, (214, 180, 90))
    sheet.box(0.16, 0.8, 0.78, 0.08, (166, 162, 156))
    sheet.box(0.06, 0.88, 0.94, 0.12, (146, 142, 136))
    sheet.books(0.2, 0.5, 0.2, 0.14)
    sheet.shape([(0.16, 0.6), (0.44, 0.6), (0.42, 0.82), (0.18, 0.82)], (226, 208, 170))
    sheet.line([(0.22, 0.61), (0.25, 0.5), (0.35, 0.5), (0.38, 0.61)], (196, 172, 128), 0.014)
    sheet.oval(0.27, 0.67, 0.06, 0.06, sheet.thing)


def letter(sheet: Sheet) -> None:
    """An open book on a table, a letter between its pages."""
    sheet.box(0, 0, 1, 1, darker(sheet.floor, 1.1))
    for n in range(9):
        sheet.line([(0, n / 8), (1, n / 8 + 0.02)], sheet.floor, 0.006)
    sheet.box(0.1, 0.24, 0.8, 0.54, sheet.thing, 0.02)
    sheet.shape([(0.13, 0.27), (0.49, 0.3), (0.49, 0.75), (0.13, 0.72)], PAPER)
    sheet.shape([(0.51, 0.3), (0.87, 0.27), (0.87, 0.72), (0.51, 0.75)], darker(PAPER, 0.96))
    for n in range(9):
        wide = 0.28 if n % 4 != 3 else 0.17
        sheet.box(0.17, 0.34 + n * 0.04, wide, 0.008, darker(PAPER, 0.7))
        sheet.box(0.56, 0.34 + n * 0.04, wide - 0.02, 0.008, darker(PAPER, 0.7))
    sheet.shape([(0.42, 0.4), (0.7, 0.36), (0.73, 0.6), (0.45, 0.64)], (246, 226, 178))
    for n in range(4):
        y = 0.44 + n * 0.04
        sheet.line([(0.47, y), (0.6, y - 0.018), (0.66, y - 0.026)], (70, 84, 132), 0.005)


def tools(sheet: Sheet) -> None:
    """A sewing machine and a roll of cloth on a workbench."""
    sheet.room(0.66)
    sheet.box(0, 0.64, 1, 0.08, darker(sheet.floor, 0.6))
    sheet.box(0.14, 0.56, 0.5, 0.08, darker(sheet.thing, 0.8), 0.01)
    sheet.box(0.5, 0.3, 0.13, 0.28, sheet.thing, 0.02)
    sheet.box(0.16, 0.28, 0.46, 0.12, sheet.thing, 0.04)
    sheet.box(0.18, 0.38, 0.07, 0.1, sheet.thing, 0.01)
    sheet.line([(0.215, 0.48), (0.215, 0.56)], PAPER, 0.006)
    sheet.oval(0.63, 0.32, 0.05, 0.09, INK)
    sheet.box(0.44, 0.22, 0.03, 0.07, sheet.dice.choice(SPINES[:3]))
    cloth = sheet.dice.choice(SPINES[:5])
    sheet.box(0.06, 0.545, 0.3, 0.03, cloth)
    sheet.box(0.72, 0.5, 0.2, 0.14, cloth, 0.05)
    sheet.oval(0.69, 0.5, 0.09, 0.14, darker(cloth, 1.3))
    sheet.oval(0.72, 0.54, 0.03, 0.05, darker(cloth, 0.6))


SCENES: dict[str, Callable[[Sheet], None]] = {
    one.__name__: one
    for one in (
        shelf, window, dog, bus, stage, table, computer, trolley, clock, puppets, garden, music, parcel,
        letter, tools,
    )
}  # fmt: skip
