"""Matrices between colours of different primaries, three rows of three numbers each."""

from functools import lru_cache

from .space import Chromaticities

Row = tuple[float, float, float]
Matrix = tuple[Row, Row, Row]

#: The white of ICC's connection space, D50, as XYZ.
D50 = (0.9642, 1.0, 0.8249)

#: From XYZ to the responses of the eye's cones, as Bradford has them: adapting to another white scales these.
CONES: Matrix = ((0.8951, 0.2664, -0.1614), (-0.7502, 1.7135, 0.0367), (0.0389, -0.0685, 1.0296))

#: The least determinant of primaries: below it they lie on a line, or nearly.
LEAST_AREA = 0.001


def product(one: Matrix, other: Matrix) -> Matrix:
    columns = tuple(zip(*other, strict=True))
    return tuple(tuple(dot(row, column) for column in columns) for row in one)  # type: ignore[return-value]


def apply(matrix: Matrix, colour: Row) -> Row:
    (a, b, c), (d, e, f), (g, h, i) = matrix
    x, y, z = colour
    return a * x + b * y + c * z, d * x + e * y + f * z, g * x + h * y + i * z


def dot(one: Row, other: Row) -> float:
    return one[0] * other[0] + one[1] * other[1] + one[2] * other[2]


def determinant(matrix: Matrix) -> float:
    return dot(matrix[0], cross(matrix[1], matrix[2]))


def cross(one: Row, other: Row) -> Row:
    return (
        one[1] * other[2] - one[2] * other[1],
        one[2] * other[0] - one[0] * other[2],
        one[0] * other[1] - one[1] * other[0],
    )


def inverse(matrix: Matrix) -> Matrix:
    area = determinant(matrix)
    columns = (cross(matrix[1], matrix[2]), cross(matrix[2], matrix[0]), cross(matrix[0], matrix[1]))
    return tuple(tuple(column[row] / area for column in columns) for row in range(3))  # type: ignore[return-value]


def diagonal(values: Row) -> Matrix:
    return (values[0], 0.0, 0.0), (0.0, values[1], 0.0), (0.0, 0.0, values[2])


def are_usable(primaries: Chromaticities) -> bool:
    """Whether primaries span a triangle with the white inside, so that each colour is one mixture of them."""
    if min(primaries) < -1 or max(primaries) > 2 or primaries[7] <= 0:
        return False
    directions = directions_of(primaries)
    return abs(determinant(directions)) >= LEAST_AREA and min(apply(inverse(directions), white_of(primaries))) > 0


def directions_of(primaries: Chromaticities) -> Matrix:
    """x, y and z of each primary, in columns."""
    red_x, red_y, green_x, green_y, blue_x, blue_y, _, _ = primaries
    return (
        (red_x, green_x, blue_x),
        (red_y, green_y, blue_y),
        (1 - red_x - red_y, 1 - green_x - green_y, 1 - blue_x - blue_y),
    )


def white_of(primaries: Chromaticities) -> Row:
    """XYZ of the white."""
    x, y = primaries[6:]
    return x / y, 1.0, (1 - x - y) / y


@lru_cache(maxsize=16)
def to_xyz(primaries: Chromaticities) -> Matrix:
    """From red, green and blue to XYZ, adapted to D50, so that whites become one."""
    directions, white = directions_of(primaries), white_of(primaries)
    seen, wanted = apply(CONES, white), apply(CONES, D50)
    scales = diagonal((wanted[0] / seen[0], wanted[1] / seen[1], wanted[2] / seen[2]))
    adaptation = product(inverse(CONES), product(scales, CONES))
    return product(adaptation, product(directions, diagonal(apply(inverse(directions), white))))


def between(one: Chromaticities, other: Chromaticities) -> Matrix:
    """From red, green and blue of some primaries to those of others."""
    return product(inverse(to_xyz(other)), to_xyz(one))
