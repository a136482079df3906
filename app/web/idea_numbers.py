"""Who takes part with ideas."""

from fastapi import APIRouter

router = APIRouter(prefix="/ideas/numbers")
