"""How far two answers are apart."""

from io import BytesIO

from PIL import Image, ImageChops, ImageStat

from .servers import Answer

#: The mean difference of a channel, of 255, that scaling and encoding may make, over squares of HALF pixels a side.
#: Single pixels say more about the window of the resampling, where a small picture is full of detail.
MEAN, HALF = 4.0, 2
#: Where a side has fewer pixels, each of them has more detail, and the windows of the resampling show: twice as much.
SMALL = 100
#: The largest difference of a square of TILE pixels a side, which tells of a part that is elsewhere.
MOST, TILE = 26.0, 16
GREY = (127, 127, 127)


def differences(theirs: Answer, ours: Answer) -> list[str]:
    """What differs, as words: status, type, size, empty (theirs is of one colour), alpha, pixels.

    Nothing if the answers agree.
    """
    if theirs.status != ours.status:
        return ["status"]
    if theirs.status != 200:
        return []
    one, other = opened(theirs.body), opened(ours.body)
    found = ["type"] if theirs.type.partition(";")[0] != ours.type.partition(";")[0] else []
    if one.size != other.size:
        return [*found, "size"]
    if len(set(flattened(one).get_flattened_data())) == 1 and apart(flattened(one), flattened(other)):
        return [*found, "empty"]
    if apart(one.getchannel("A"), other.getchannel("A")):
        found.append("alpha")
    if apart(flattened(one), flattened(other)):
        found.append("pixels")
    return found


def opened(content: bytes) -> Image.Image:
    with Image.open(BytesIO(content)) as image:
        return image.convert("RGBA")


def flattened(image: Image.Image) -> Image.Image:
    ground = Image.new("RGBA", image.size, (*GREY, 255))
    return Image.alpha_composite(ground, image).convert("RGB")


def apart(one: Image.Image, other: Image.Image) -> bool:
    """Whether two pictures of one mode and size differ by more than scaling and encoding explain."""
    most = MEAN * 2 if min(one.size) < SMALL else MEAN
    if max(ImageStat.Stat(ImageChops.difference(one.reduce(HALF), other.reduce(HALF))).mean) > most:
        return True
    # Whole tiles: Thumbor cuts before it scales, which shows in a pixel or two at the edges of what is enlarged.
    width, height = (max(side - side % TILE, min(side, TILE)) for side in one.size)
    tiles = ImageChops.difference(*(picture.crop((0, 0, width, height)).reduce(TILE) for picture in (one, other)))
    return any(level > MOST and count for band in tiles.split() for level, count in enumerate(band.histogram()))
