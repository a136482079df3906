"""The example's pictures: drawn, taken in as any other, described."""

from sqlalchemy import update

from app.domain.examples import Part
from app.domain.pictures import Rights, Shown
from app.errands import pictures
from app.errands.examples import plan, scenes
from app.errands.examples.stage import Stage
from app.models.assets import Asset

OF_EACH = 3


def draw(stage: Stage) -> None:
    """Every scene a few times, shared by the library with all its branches."""
    names = sorted(stage.library.pictures)
    of_each = OF_EACH if stage.share >= 1 else 1
    with stage.ground.database.reads() as session:
        actor = stage.actor(session, plan.EDITOR)
    with pictures.folder_for(stage.ground) as folder:
        for done, (scene, path) in enumerate(scenes.draw_all(folder, names, of_each)):
            stage.told(Part.PICTURES, done, len(names) * of_each)
            asset_id = pictures.take_in(stage.ground, actor, stage.root_id, path.name, path)
            stage.assets.setdefault(scene, []).append(asset_id)
    with stage.ground.database.writes() as session:
        for scene, ids in stage.assets.items():
            session.execute(
                update(Asset)
                .where(Asset.id.in_(ids))
                .values(
                    alt_text=stage.library.pictures[scene], shared=True, rights=Rights.OWN,
                    shown=Shown.NOBODY, created_at=stage.now,
                )
            )  # fmt: skip
