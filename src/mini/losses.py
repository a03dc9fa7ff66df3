"""What training minimises. Shapes: B crops (crop 2i and 2i + 1 are of one scene) of N patches, all B * N patches in a
row; D = WIDTH."""
import torch
from torch.nn import functional as F

_PURE = 0.7  # a patch with one answer: share of its pixels
_GRAPH_TEMPERATURE = 0.1
_SAME_CLASS = 0.35  # how much of an edge two patches of one class deserve, beside 1 in one region


def by_share(logits, shares, weights):
    """Cross entropy with soft answers: logits [P, C + U], of which the last U belong to texts that nothing shows;
    shares [P, C] of each class in each patch; weights [C]."""
    weighted = shares * weights
    return -(weighted * F.log_softmax(logits, -1)[:, : shares.shape[1]]).sum() / weighted.sum().clamp(min=1e-6)


def by_answer(logits, answers):
    """Cross entropy of patches [P, T] with one answer each, 0 where there is none of them."""
    return F.cross_entropy(logits, answers) if len(answers) else logits.sum()


def pure(purity):
    return purity > _PURE


def of_the_graph(features, shares, regions, region_purity, anchors):
    """Each anchor's neighbours, by softmax of cosines over the patches of both crops of its scene, are to be those of
    its region, and less so those of its class. Scenes are not compared with each other, since a graph joins the windows
    of one image.

    features [B, N, D], shares [B, N, C], regions and region_purity [B, N]; anchors int64 [A], places among the 2 N
    patches of each scene."""

    def by_scene(x):
        return x.reshape(x.shape[0] // 2, 2 * x.shape[1], *x.shape[2:])

    features, shares, regions, weight = (
        by_scene(x) for x in (features, F.normalize(shares, dim=-1), regions, region_purity)
    )
    itself = torch.arange(features.shape[1], device=features.device) == anchors[:, None]

    same_region = regions[:, anchors, None] == regions[:, None]
    overlap = shares[:, anchors] @ shares.transpose(1, 2)
    deserved = (torch.where(same_region, 1.0, _SAME_CLASS) * overlap * (overlap > 0.1)).masked_fill(itself, 0)
    cosines = features[:, anchors] @ features.transpose(1, 2) / _GRAPH_TEMPERATURE
    log_share = F.log_softmax(cosines.masked_fill(itself, -1e4), -1)
    total = deserved.sum(-1)
    weight = weight[:, anchors] * (total > 0.5)
    loss = -(deserved * log_share).sum(-1) / total.clamp(min=1e-3)
    return (loss * weight).sum() / weight.sum().clamp(min=1)
