"""Reads every format of `lposs batch` back, by NumPy, Pillow and decoders written from the formats' definitions, and
compares it with the label maps. Prints what it compared; exit code 1 with a sentence where something differs.

    read_back.py FOLDER             the results of a run with all formats
    read_back.py FOLDER FORMAT...   with some of coco, panoptic, cvat, yolo, webdataset, scores"""
import io
import json
import sys
import tarfile
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image

root = Path(sys.argv[1])
classes = json.loads((root / "classes.json").read_text("utf-8"))
names_by_id = {c["id"]: c["name"] for c in classes}


def require(condition, sentence):
    if not condition:
        sys.exit(sentence)


def run_lengths(text):
    """COCO's compressed run lengths."""
    counts, at = [], 0
    while at < len(text):
        value, shift, more = 0, 0, True
        while more:
            c = ord(text[at]) - 48
            value |= (c & 31) << shift
            more = bool(c & 32)
            at += 1
            shift += 5
            if not more and c & 16:
                value |= -1 << shift
        counts.append(value + (counts[-2] if len(counts) > 2 else 0))
    return counts


def coco(labels):
    document = json.loads((root / "coco.json").read_text("utf-8"))
    require({c["id"]: c["name"] for c in document["categories"]} == names_by_id, "coco.json: other categories")
    require(
        len({a["id"] for a in document["annotations"]}) == len(document["annotations"]),
        "coco.json: an id is there twice",
    )
    for image in document["images"]:
        truth = labels[str(Path(image["file_name"]).with_suffix(""))]
        require(truth.shape == (image["height"], image["width"]), f"coco.json: {image} has another size")
        seen = np.full(truth.shape, -1)
        for annotation in (a for a in document["annotations"] if a["image_id"] == image["id"]):
            flat, at, inside = np.zeros(truth.size, bool), 0, False
            for count in run_lengths(annotation["segmentation"]["counts"]):
                flat[at : at + count] = inside
                at, inside = at + count, not inside
            require(at == truth.size, f"coco.json: {image['file_name']}: runs of {at} pixels")
            mask = flat.reshape(truth.shape[::-1]).T
            ys, xs = np.nonzero(mask)
            box = [xs.min(), ys.min(), xs.max() - xs.min() + 1, ys.max() - ys.min() + 1]
            require(
                annotation["bbox"] == box and annotation["area"] == mask.sum(),
                f"coco.json: {image['file_name']}: box or area",
            )
            seen[mask] = annotation["category_id"]
        require((seen == truth).all(), f"coco.json: {image['file_name']} differs")


def panoptic(labels):
    document = json.loads((root / "panoptic.json").read_text("utf-8"))
    require(len(document["annotations"]) == len(labels), "panoptic.json: other images")
    require({c["id"]: c["name"] for c in document["categories"]} == names_by_id, "panoptic.json: other categories")
    for annotation in document["annotations"]:
        rgb = np.array(Image.open(root / "panoptic" / annotation["file_name"])).astype(int)
        ids = rgb[..., 0] + 256 * rgb[..., 1] + 65536 * rgb[..., 2]
        seen = np.full(ids.shape, -1)
        for segment in annotation["segments_info"]:
            require((ids == segment["id"]).sum() == segment["area"], f"panoptic.json: area of {segment}")
            seen[ids == segment["id"]] = segment["category_id"]
        require((seen == labels[annotation["file_name"][:-4]]).all(), f"panoptic: {annotation['file_name']} differs")


def cvat(labels):
    with zipfile.ZipFile(root / "cvat.zip") as archive:
        rows = [
            line.split(":")
            for line in archive.read("labelmap.txt").decode().split("\n")[:-1]
            if not line.startswith("#")
        ]
        by_name = {row[0]: tuple(int(v) for v in row[1].split(",")) for row in rows}
        require(len(set(by_name.values())) == len(rows), "cvat: two labels of one colour")
        names = archive.read("ImageSets/Segmentation/default.txt").decode().split("\n")[:-1]
        require(sorted(names) == sorted(labels), "cvat: other images")
        for name in names:
            rgb = np.array(Image.open(io.BytesIO(archive.read(f"SegmentationClass/{name}.png"))))
            seen = np.full(rgb.shape[:2], -1)
            for c in classes:
                # A colon ends a column of labelmap.txt, and a hash begins a remark.
                seen[(rgb == by_name[c["name"].replace(":", "_").replace("#", "_")]).all(-1)] = c["id"]
            require((seen == labels[name]).all(), f"cvat: {name} differs")


def yolo(labels):
    rows = [row.strip().split(": ", 1) for row in (root / "yolo/data.yaml").read_text("utf-8").split("\n")[2:-1]]
    # YAML's strings are JSON's, but for halves of characters beyond U+FFFF, which it does not join.
    require(not any("\\ud" in name.lower() for _, name in rows), "yolo/data.yaml: half a character")
    require(
        [(int(place), json.loads(name)) for place, name in rows] == list(enumerate(c["name"] for c in classes)),
        "yolo/data.yaml: other classes",
    )
    for name, truth in labels.items():
        height, width = truth.shape
        seen = np.full(truth.shape, -1)
        for line in (root / f"yolo/labels/{name}.txt").read_text().splitlines():
            place, *shares = line.split()
            corners = np.array(shares, float).reshape(-1, 2) * [width, height]
            require(abs(corners - corners.round()).max() < 1e-3, f"yolo: {name}: a corner lies between pixels")
            # Pixels whose middles are inside by the even-odd rule; all edges lie between pixels.
            crossings = np.zeros(truth.shape, int)
            points = corners.round().astype(int)
            for (x0, y0), (x1, y1) in zip(points, np.roll(points, -1, axis=0)):
                if x0 == x1:  # an upright edge is crossed by every ray to the right that begins left of it
                    crossings[min(y0, y1) : max(y0, y1), :x0] += 1
            inside = crossings % 2 == 1
            require((seen[inside] == -1).all(), f"yolo: {name}: regions overlap")
            seen[inside] = classes[int(place)]["id"]
        require((seen == truth).all(), f"yolo: {name} differs")


def webdataset(labels):
    seen = {}
    for shard in sorted((root / "webdataset").glob("shard-*.tar")):
        with tarfile.open(shard) as tar:
            for member in tar:
                require(member.mtime == 0 and member.uid == 0, f"webdataset: {member.name} is not fixed")
                key, ending = member.name.rsplit(".", 1)
                seen.setdefault(key, {})[ending] = tar.extractfile(member).read()
    require(sorted(seen) == sorted(labels), "webdataset: other keys")
    for key, parts in seen.items():
        require((np.array(Image.open(io.BytesIO(parts["png"]))) == labels[key]).all(), f"webdataset: {key} differs")
        about = json.loads(parts["json"])
        require(about["classes"] == np.unique(labels[key]).tolist(), f"webdataset: {key}.json: classes")


def scores(labels):
    ids = np.array([c["id"] for c in classes])
    for name, truth in labels.items():
        values = np.load(root / f"{name}_scores.npy")
        require(
            values.dtype == np.float32 and values.shape == truth.shape + (len(ids),),
            f"scores: {name}: {values.dtype} {values.shape}",
        )
        require((ids[values.argmax(-1)] == truth).all(), f"scores: {name} differs")
        halves = np.load(root / f"{name}_scores.npz")["scores"]
        require(halves.dtype == np.float16 and (halves == values.astype(np.float16)).all(), f"npz16: {name} differs")
        top = np.sort(values, -1)
        confidence = top[..., -1] - top[..., -2]
        levels = np.array(Image.open(root / f"{name}_confidence.png")).astype(int)
        require(
            levels.max() == 65535 and abs(levels - confidence / confidence.max() * 65535).max() < 1,
            f"confidence16: {name} differs",
        )


labels = {
    str(p.relative_to(root).with_suffix("")): np.array(Image.open(p)).astype(int)
    for p in root.rglob("*.png")
    if p.relative_to(root).parts[0] not in ("panoptic", ".lposs", "yolo")
    and not p.stem.endswith(("_confidence", "_overlay"))
}
require(labels, "there are no label maps")
readers = {read.__name__: read for read in (coco, panoptic, cvat, yolo, webdataset, scores)}
formats = sys.argv[2:] or list(readers)
for name in formats:
    readers[name](labels)
seen = np.unique(np.concatenate([label.ravel() for label in labels.values()]))
print(
    f"{len(labels)} images, {len(classes)} classes, of which {len(seen)} were seen up to {seen.max()}: "
    + ", ".join(formats)
)
